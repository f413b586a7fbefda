import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../auth/index.js';
import type { Refusal } from '../errors.js';
import { ApiCommonErrors, ApiErrors } from '../http/api-docs.js';
import { ListAuditLogDto, toAuditFilter } from './audit.dto.js';
import { AuditLogView, auditLogView } from './audit.view.js';
import { ListAuditLog } from './list-audit-log.js';

@ApiTags('Administration')
@Roles('admin')
@Controller('admin/audit')
export class AuditController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'Who did what to which object, from what to what' })
  @ApiOkResponse({ type: AuditLogView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query() query: ListAuditLogDto,
  ): Promise<AuditLogView | Refusal> {
    const page = await this.queries.execute(new ListAuditLog(tenantId, toAuditFilter(query)));
    return auditLogView(page);
  }
}

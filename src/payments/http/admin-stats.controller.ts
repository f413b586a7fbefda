import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, Roles } from '../../kernel/auth/index.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { GetAdminStats } from '../queries/get-admin-stats.js';

class DayView {
  @ApiProperty({ type: 'integer', example: 1275 }) total_payments: number;
  @ApiProperty({ type: 'integer', example: 1250 }) successful: number;
  @ApiProperty({ type: 'integer', example: 25 }) failed: number;
  @ApiProperty({ type: 'integer', example: 0 }) pending: number;
  @ApiProperty({ type: 'integer', description: 'Captured cents', example: 1250000 })
  total_revenue: number;
}

class AdminStatsView {
  @ApiProperty({ type: DayView }) last24Hours: DayView;
  @ApiProperty({ format: 'date-time' }) timestamp: string;
}

@ApiTags('Administration')
@Roles('admin')
@Controller('admin/stats')
export class AdminStatsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: "The last day of the tenant's payments" })
  @ApiOkResponse({ type: AdminStatsView })
  @ApiCommonErrors()
  @ApiErrors('FORBIDDEN')
  stats(@CurrentPrincipal() principal: Principal) {
    return this.queries.execute(new GetAdminStats(principal));
  }
}

import { Controller, Get, Header } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '../../auth/access.js';
import { cataloguePage, PAGE_POLICY } from './catalogue-page.js';
import { EventTypeView } from './catalogue.view.js';
import type { CatalogueEntry } from './event-type.js';
import { ListEventTypes } from './list-event-types.js';

@ApiTags('Events')
@Public()
@Controller('events')
export class CatalogueController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', PAGE_POLICY)
  @ApiOperation({ summary: 'The catalogue of events as a page to read' })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string', example: '<!doctype html>…' } })
  async page(): Promise<string> {
    return cataloguePage(await this.bus.execute(new ListEventTypes()));
  }

  @Get('catalogue')
  @ApiOperation({
    summary: 'Every type of event that webhooks carry, with its schema and an example',
  })
  @ApiOkResponse({ type: [EventTypeView] })
  list(): Promise<readonly CatalogueEntry[]> {
    return this.bus.execute(new ListEventTypes());
  }
}

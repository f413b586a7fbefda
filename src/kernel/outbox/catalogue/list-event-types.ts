import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { EventCatalogue } from './event-catalogue.js';
import type { CatalogueEntry } from './event-type.js';

/** The types of events that others may follow, by name. */
export class ListEventTypes extends Query<readonly CatalogueEntry[]> {}

@QueryHandler(ListEventTypes)
export class ListEventTypesHandler implements IQueryHandler<ListEventTypes> {
  constructor(private readonly catalogue: EventCatalogue) {}

  execute(): Promise<readonly CatalogueEntry[]> {
    return Promise.resolve(this.catalogue.all());
  }
}

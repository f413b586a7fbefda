import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { PublishedTypes } from '../published-types.js';
import { catalogueEntry, type CatalogueEntry, EventTypes } from './event-type.js';

/** Every type of event that the platform's modules publish, as they declared it with `describeEvents`. */
@Injectable()
export class EventCatalogue implements OnModuleInit {
  private entries: ReadonlyMap<string, CatalogueEntry> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly published: PublishedTypes,
  ) {}

  /** A type that is declared twice, or whose example is not what it promises, ends the start. */
  onModuleInit(): void {
    this.published.declare(this.types());
  }

  /** By name. */
  all(): readonly CatalogueEntry[] {
    return [...this.read().values()];
  }

  types(): readonly string[] {
    return [...this.read().keys()];
  }

  has(type: string): boolean {
    return this.read().has(type);
  }

  /** Others ask while modules still start, in whatever order. */
  private read(): ReadonlyMap<string, CatalogueEntry> {
    this.entries ??= new Map(this.declared().map((entry) => [entry.type, entry]));
    return this.entries;
  }

  private declared(): CatalogueEntry[] {
    const provided = this.discovery.getProviders().map(({ instance }): unknown => instance);
    const types = provided
      .filter((instance) => instance instanceof EventTypes)
      .flatMap((declared) => declared.types)
      .sort((a, b) => (a.type < b.type ? -1 : 1));
    const twice = types.find(({ type }, index) => type === types[index + 1]?.type);
    if (twice) throw new Error(`the event ${twice.type} is declared twice`);
    return types.map(catalogueEntry);
  }
}

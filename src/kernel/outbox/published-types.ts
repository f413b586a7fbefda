import { Injectable } from '@nestjs/common';

/**
 * The types of events that this release publishes, whether anybody in it follows them or not. A type
 * that nobody follows and nobody declared is a newer release's: its events are left to it for a while.
 */
@Injectable()
export class PublishedTypes {
  private readonly types = new Set<string>();

  /** To be called while modules start. */
  declare(types: Iterable<string>): void {
    for (const type of types) this.types.add(type);
  }

  all(): string[] {
    return [...this.types];
  }
}

import { Injectable } from '@nestjs/common';
import { type FieldError, refuse, type Refusal } from '../../kernel/errors.js';
import { EventCatalogue } from '../../kernel/outbox/index.js';
import { filterOf, unknownTypes } from '../domain/endpoint.js';
import { AddressPolicy } from './address-policy.js';

/** What of an endpoint an administrator may get wrong. */
export interface Wished {
  readonly url: string;
  readonly eventTypes: readonly string[];
}

/** Checks where a tenant wants to hear of what. */
@Injectable()
export class EndpointWishes {
  constructor(
    private readonly policy: AddressPolicy,
    private readonly catalogue: EventCatalogue,
  ) {}

  /** As it is kept. Refuses `VALIDATION_ERROR`, field by field. */
  admit({ url, eventTypes }: Wished): Wished | Refusal {
    const errors = [...this.objectionToUrl(url), ...this.unknown(eventTypes)];
    if (errors.length > 0) return refuse('VALIDATION_ERROR', 'Validation failed', { errors });
    return { url: new URL(url).toString(), eventTypes: filterOf(eventTypes) };
  }

  private objectionToUrl(url: string): FieldError[] {
    const message = this.policy.objection(url);
    return message === undefined ? [] : [{ field: 'url', message }];
  }

  private unknown(eventTypes: readonly string[]): FieldError[] {
    const unknown = unknownTypes(eventTypes, new Set(this.catalogue.types()));
    if (unknown.length === 0) return [];
    return [{ field: 'eventTypes', message: `must be of the catalogue: ${unknown.join(', ')}` }];
  }
}

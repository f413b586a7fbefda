import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config/index.js';
import type { Uuid } from '../../ids.js';
import { ipAddress, networkOf } from '../../network-address.js';
import { Counters } from './counters.js';
import type { EndpointLimit } from './rate-limit.js';
import { type Level, type Standing, standing } from './standing.js';
import { TenantFigures } from './tenant-figures.js';

type Caller = Pick<FastifyRequest, 'ip' | 'principal'>;

/**
 * Counts requests against the limits a minute (Payment service spec, Rate Limiting): of an address,
 * before anybody is known, by the platform's figures; of a user of a tenant and of an endpoint by
 * the tenant's, where it has its own. No part of a key is the caller's choice: neither a path nor a
 * header, and a tenant only as a verified token names it.
 */
@Injectable()
export class RateLimiter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly counters: Counters,
    private readonly figures: TenantFigures,
  ) {}

  ofAddress({ ip }: Caller): Promise<Standing> {
    const limit = this.limitOf('address', this.config.platform.tenantId);
    return this.count('address', `address:${networkSeen(ip)}`, limit);
  }

  /** Of the user, if there is one, and of the endpoint, if it has a limit of its own. */
  ofCaller(caller: Caller, endpoint: EndpointLimit | undefined): Promise<Standing[]> {
    const { principal, ip } = caller;
    const who = principal
      ? `user:${principal.tenantId}:${principal.userId}`
      : `address:${networkSeen(ip)}`;
    const tenantId = principal?.tenantId ?? this.config.platform.tenantId;
    const counted: Promise<Standing>[] = [];
    if (principal) counted.push(this.count('user', who, this.limitOf('user', tenantId)));
    if (endpoint) {
      const limit = this.ofEndpoint(endpoint, tenantId);
      counted.push(this.count('endpoint', `endpoint:${endpoint.name}:${who}`, limit));
    }
    return Promise.all(counted);
  }

  /** What the limit is for a tenant now, requests a minute. */
  limitOf(level: 'address' | 'user', tenantId: Uuid): number {
    return this.figures.of(tenantId).get(level) ?? this.standardOf(level);
  }

  ofEndpoint(endpoint: EndpointLimit, tenantId: Uuid): number {
    return this.figures.of(tenantId).get(endpoint.name) ?? this.standardOfEndpoint(endpoint);
  }

  /** What it is for tenants without a figure of their own. */
  standardOf(level: 'address' | 'user'): number {
    const { addressPerMinute, userPerMinute } = this.config.rateLimits;
    return level === 'address' ? addressPerMinute : userPerMinute;
  }

  standardOfEndpoint({ perMinute }: EndpointLimit): number {
    return this.config.rateLimits.endpointPerMinute ?? perMinute;
  }

  private async count(level: Level, key: string, limit: number): Promise<Standing> {
    return standing(level, limit, await this.counters.add(key));
  }
}

/** Whatever is no address is one and the same. */
function networkSeen(ip: string): string {
  const address = ipAddress(ip);
  return address === null ? 'unknown' : networkOf(address);
}

import { newId } from '../../src/kernel/ids.js';
import { Client, type Reply } from './client.js';
import type { RunningApp } from './app.js';

/** Figures that a test can reach, behind a proxy on this machine that is believed. */
export const LOW_LIMITS = {
  ROLE: 'api',
  TRUSTED_PROXIES: '127.0.0.1',
  RATE_LIMIT_ADDRESS_PER_MINUTE: '10',
  RATE_LIMIT_USER_PER_MINUTE: '6',
  RATE_LIMIT_ENDPOINT_PER_MINUTE: '3',
};

/** Any route that answers everybody with a token, and costs little. */
export const ANY = '/api/v1/payments/transaction/01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';

let addresses = 0;

/** An address that nobody has called from. */
export function newAddress(): string {
  addresses++;
  return `198.51.${addresses >> 8}.${addresses & 255}`;
}

/** Calls from an address, as a proxy tells it. */
export function from(address: string): Record<string, string> {
  return { 'x-forwarded-for': address };
}

/** Somebody with a token: a new user of the main tenant unless told otherwise. */
export async function caller(
  { world, url }: Pick<RunningApp, 'world' | 'url'>,
  wish: { readonly sub?: string; readonly tenantId?: string } = {},
): Promise<Client> {
  const { sub = newId(), tenantId = world.cast.tenantId } = wish;
  return new Client(url, await world.mintToken({ sub, tenantId, roles: ['user'] }));
}

/** Sends one after the other; answers each status. */
export async function statuses(
  times: number,
  send: (index: number) => Promise<Reply>,
): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < times; index++) found.push((await send(index)).status);
  return found;
}

/** What `RateLimit-*` and `Retry-After` tell. */
export function told({ headers }: Reply) {
  const number = (name: string) => {
    const value = headers.get(name);
    return value === null ? undefined : Number(value);
  };
  return {
    limit: number('ratelimit-limit'),
    remaining: number('ratelimit-remaining'),
    reset: number('ratelimit-reset'),
    retryAfter: number('retry-after'),
  };
}

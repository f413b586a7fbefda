import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { redact } from '../../kernel/observability/redact.js';
import { type Attempt, type Outcome, outcomeOf } from '../domain/attempt.js';
import { endpointLookup, NameNotResolved } from './endpoint-lookup.js';

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1_024;
const EXCERPT_LENGTH = 1_024;

/** Where a message goes. */
export interface Destination {
  readonly url: URL;
  /** Any address will do: the configuration names this host, not a tenant. */
  readonly trusted: boolean;
}

/** What the tests put in the place of the world's. */
export interface Surroundings {
  /** Resolves names, of trusted hosts too. */
  readonly lookup?: LookupFunction;
  /** Asked about the others' names, as `address:port`. */
  readonly nameServers?: readonly string[];
  readonly timeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

class Cut extends Error {
  constructor(
    readonly outcome: Outcome,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Posts messages to where tenants want them, and is not to be turned against the inside: an address
 * that is not public is refused when the connection is made, whatever a name resolved to before;
 * redirects are not followed; five seconds and 64 kB are all that an answer gets. Only names that the
 * configuration trusts are looked up as the rest of the machine does it, hosts file included.
 */
@Injectable()
export class WebhookSender {
  /** Resolves whatever happens: a failure is an answer too. */
  async post(
    to: Destination,
    headers: Readonly<Record<string, string>>,
    body: string,
    surroundings: Surroundings = {},
  ): Promise<Attempt> {
    const startedAt = new Date();
    const began = performance.now();
    const made = await exchange(to, headers, body, surroundings).catch(toError);
    const durationMs = Math.round(performance.now() - began);
    const at = { startedAt, durationMs };
    if (made instanceof Error) {
      const [outcome, error] = failureOf(made);
      return { ...at, outcome, httpStatus: null, error, answerExcerpt: null };
    }
    const outcome = outcomeOf(made.status);
    return {
      ...at,
      outcome,
      httpStatus: made.status,
      error: outcome === 'delivered' ? null : `The endpoint answered ${made.status}`,
      answerExcerpt: excerptOf(made.body),
    };
  }
}

async function exchange(
  { url, trusted }: Destination,
  headers: Readonly<Record<string, string>>,
  body: string,
  { nameServers, timeoutMs = TIMEOUT_MS, ...surroundings }: Surroundings,
): Promise<Answer> {
  const lookup = surroundings.lookup ?? (trusted ? undefined : endpointLookup(nameServers));
  const secure = url.protocol === 'https:';
  const agent = secure
    ? new RequestFilteringHttpsAgent({ allowPrivateIPAddress: trusted })
    : new RequestFilteringHttpAgent({ allowPrivateIPAddress: trusted });
  const request = (secure ? https : http).request(url, {
    method: 'POST',
    agent,
    ...(lookup && { lookup }),
    headers: headersOf(headers, body),
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      // From the first look at the name to the last byte of the answer.
      timer = setTimeout(() => {
        reject(new Cut('timeout', `No whole answer within ${timeoutMs} ms`));
      }, timeoutMs);
      request.on('error', reject);
      request.once('response', (response) => {
        read(response).then(resolve, reject);
      });
      request.end(body);
    });
  } finally {
    clearTimeout(timer);
    request.destroy();
  }
}

function headersOf(headers: Readonly<Record<string, string>>, body: string) {
  return {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    accept: '*/*',
    'user-agent': 'TicketToken-Webhooks/1',
    ...headers,
  };
}

async function read(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      throw new Cut('too_large', `The answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks) };
}

/** As `request-filtering-agent` says it; its refusals have no class of their own. */
const REFUSED_ADDRESS = 'is not allowed. Because';
const OF_TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;
const OF_DNS = /^(ENOTFOUND|EAI_)/;

function failureOf(error: Error): [outcome: Outcome, text: string] {
  if (error instanceof Cut) return [error.outcome, error.message];
  if (error.message.includes(REFUSED_ADDRESS)) {
    return ['blocked', 'The host’s address is not public'];
  }
  const code = 'code' in error ? String(error.code) : '';
  if (error instanceof NameNotResolved || OF_DNS.test(code))
    return ['dns', `The host has no address (${code})`];
  if (OF_TLS.test(code)) return ['tls', `The connection is not secure (${code})`];
  return ['connection', `The connection failed (${code || error.message})`.slice(0, 300)];
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Nothing that a database or a terminal would stumble over, and no secrets. */
function excerptOf(body: Buffer): string | null {
  if (body.length === 0) return null;
  const text = body.subarray(0, EXCERPT_LENGTH).toString('utf8');
  return redact(text.replace(/\p{Cc}/gu, ' ')).slice(0, EXCERPT_LENGTH);
}

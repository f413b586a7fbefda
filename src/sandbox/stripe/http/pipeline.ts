import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults, FiredFault } from '../faults/faults.js';
import { newRequestId } from '../ids.js';
import { operations } from '../routes.js';
import { API_VERSION, type World } from '../state/world.js';
import { checkVersion } from './authentication.js';
import { rateLimited, serverError, StripeFailure, unrecognizedUrl } from './errors.js';
import { decodeForm } from './form.js';
import { Idempotency, type Claim } from './idempotency.js';
import { match, type Call } from './operation.js';

/** A request of the API, as it came off the wire. */
export interface ApiRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  authorization: string | undefined;
  idempotencyKey: string | undefined;
  version: string | undefined;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface Outcome {
  status: number;
  body: string;
  headers: Readonly<Record<string, string>>;
}

/** Order of parameters does not make a request another one. */
const canonical = ({ method, path, body }: ApiRequest): string =>
  `${method} ${path}\n${body.split('&').sort().join('&')}`;

/** Takes a request from authentication to its answer, or to `null`: cut the connection. */
export class Pipeline {
  private readonly idempotency: Idempotency;
  private readonly stopped = new AbortController();
  latencyMs = 0;

  constructor(
    private readonly world: World,
    private readonly faults: Faults,
    private readonly accountOf: (header: string | undefined) => string,
  ) {
    this.idempotency = new Idempotency(world);
    // Every request that is held back waits for it.
    setMaxListeners(0, this.stopped.signal);
  }

  async answer(request: ApiRequest): Promise<Answer | null> {
    const requestId = newRequestId();
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'request-id': requestId,
      'stripe-version': API_VERSION,
    };
    if (request.method === 'POST' && request.idempotencyKey !== undefined) {
      headers['idempotency-key'] = request.idempotencyKey;
      headers['original-request'] = requestId;
    }
    try {
      const outcome = await this.run(request, requestId);
      return outcome && { ...outcome, headers: { ...headers, ...outcome.headers } };
    } catch (error) {
      if (this.stopped.signal.aborted) return null;
      const { status, body, headers: more } = failed(error, requestId);
      return { status, body, headers: { ...headers, ...more } };
    }
  }

  stop(): void {
    this.stopped.abort();
  }

  private async run(request: ApiRequest, requestId: string): Promise<Outcome | null> {
    const { method, path } = request;
    const account = this.accountOf(request.authorization);
    checkVersion(request.version);
    const matched = match(operations, method, path);
    if (matched === undefined) throw unrecognizedUrl(method, path);
    const fault = this.faults.draw(method, path);
    if (await this.cutBefore(fault)) return null;
    const act = matched.operation.prepare(
      decodeForm(method === 'GET' ? request.query : request.body),
      matched.ids,
    );
    const key = method === 'POST' ? request.idempotencyKey : undefined;
    const call: Call = { world: this.world, requestId, idempotencyKey: key ?? null };
    if (key === undefined) {
      if (this.latencyMs > 0) await this.hold(this.latencyMs);
      return this.afterEffect(fault, attemptOf(act, call));
    }
    const begun = this.idempotency.begin(account, key, canonical(request));
    if ('body' in begun) {
      const { status, body, requestId: original } = begun;
      const replay = { 'idempotent-replayed': 'true', 'original-request': original };
      return this.afterEffect(fault, { status, body, headers: replay });
    }
    return this.runOnce(begun, fault, act, call);
  }

  private async runOnce(
    claim: Claim,
    fault: FiredFault | null,
    act: (call: Call) => object,
    call: Call,
  ): Promise<Outcome | null> {
    try {
      if (this.latencyMs > 0) await this.hold(this.latencyMs);
      const outcome = attemptOf(act, call);
      const kept = fault?.name === 'sticky500' ? failed(serverError(), call.requestId) : outcome;
      this.idempotency.keep(claim, call.requestId, kept.status, kept.body);
      return await this.afterEffect(fault, kept);
    } finally {
      this.idempotency.release(claim);
    }
  }

  /** Faults that strike before anything happened. True: cut the connection. */
  private async cutBefore(fault: FiredFault | null): Promise<boolean> {
    if (fault?.name === 'failBefore') throw serverError();
    if (fault?.name === 'rateLimit') throw rateLimited(fault.retryAfterSeconds);
    if (fault?.name === 'hangBefore') {
      await this.hold(fault.holdMs);
      throw serverError();
    }
    return fault?.name === 'resetBefore';
  }

  /** Faults that strike on the way back. */
  private async afterEffect(fault: FiredFault | null, outcome: Outcome): Promise<Outcome | null> {
    if (fault?.name === 'reset') return null;
    if (fault?.name === 'failAfter') throw serverError();
    if (fault?.name === 'hang') await this.hold(fault.holdMs);
    return outcome;
  }

  private hold(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.stopped.signal });
  }
}

function attemptOf(act: (call: Call) => object, call: Call): Outcome {
  try {
    return { status: 200, body: JSON.stringify(act(call)), headers: {} };
  } catch (error) {
    return failed(error, call.requestId);
  }
}

/** Stripe's error envelope. Anything but a refusal is a bug of the emulator: 500, and said aloud. */
function failed(error: unknown, requestId: string): Outcome {
  if (!(error instanceof StripeFailure)) process.emitWarning(error as Error);
  const failure = error instanceof StripeFailure ? error : serverError();
  const request_log_url = `https://dashboard.stripe.com/test/logs/${requestId}`;
  return {
    status: failure.status,
    body: JSON.stringify({ error: { ...failure.body, request_log_url } }),
    headers: failure.headers,
  };
}

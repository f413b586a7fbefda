import { flawsOfError, isDocumented } from './error-envelope.js';
import type { Route } from './openapi.js';
import { type Access, ROUTE_ROLES } from './route-roles.js';
import type { Sample } from './sample-requests.js';
import type { Signer } from './signers.js';
import { type Answer, TargetRange } from './targets.js';

/** Calls every documented route in somebody's name, and sees what that leaves behind. */
export class Crawler {
  private constructor(private readonly range: TargetRange) {}

  static async start(): Promise<Crawler> {
    return new Crawler(await TargetRange.open());
  }

  close(): Promise<void> {
    return this.range.close();
  }

  get world() {
    return this.range.running.world;
  }

  get document() {
    return this.range.document;
  }

  get samples() {
    return this.range.samples;
  }

  get rows() {
    return this.range.rows;
  }

  async call(
    { method }: Pick<Route, 'method'>,
    sample: Sample,
    signer: Signer,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const body = sample.body && Buffer.from(JSON.stringify(sample.body));
    const response = await fetch(`${this.range.running.url}${sample.path}`, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...signer({ method, path: sample.path, body }),
        ...more,
      },
      ...(body ? { body: new Uint8Array(body) } : {}),
    });
    const { status, headers } = response;
    return { status, headers, text: await response.text() };
  }

  /** Sends what must be refused with `expected` and leave no trace; tells what was wrong. */
  async refusal(
    route: Route,
    expected: number,
    send: () => Promise<Answer>,
    at: string,
  ): Promise<string[]> {
    const before = await this.rows.digest();
    const answer = await send();
    const changed = (await this.rows.digest()).filter((line, i) => line !== before[i]);
    return [
      ...(answer.status === expected ? [] : [`${answer.status}, not ${expected}`]),
      ...(changed.length > 0 ? [`changed ${changed.join()}`] : []),
      ...flawsOfError(answer, at),
      ...(isDocumented(this.document, route, answer) ? [] : ['not documented']),
    ].map((flaw) => `${route.key}: ${flaw}`);
  }

  open(): Route[] {
    return this.document.routes.filter((route) => accessOf(route) === 'everyone');
  }

  closed(): Route[] {
    return this.document.routes.filter((route) => accessOf(route) !== 'everyone');
  }

  ofServices(): Route[] {
    return this.document.routes.filter((route) => accessOf(route) === 'services');
  }

  ofUsers() {
    return this.document.routes.flatMap((route) => {
      const access = accessOf(route);
      return typeof access === 'string' ? [] : [{ route, access }];
    });
  }
}

/** Who may call a route, by the table. */
export function accessOf({ key }: Route): Access {
  const access = ROUTE_ROLES[key];
  if (access === undefined) throw new Error(`${key} is not in the table`);
  return access;
}

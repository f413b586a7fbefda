import { type RunningApp, startApp } from './app.js';
import { flawsOfError, isDocumented, namesField } from './error-envelope.js';
import type { Attack } from './hostile-bodies.js';
import { ApiDocument, propertiesOf, type Property, type Route } from './openapi.js';
import { Rows } from './row-digest.js';
import { type Sample, SampleRequests } from './sample-requests.js';
import { anonymous } from './signers.js';

/** A route with a body, and a valid request of it that nobody has sent yet. */
export interface Target {
  readonly route: Route;
  readonly sample: Sample;
  readonly valid: Readonly<Record<string, unknown>>;
  readonly properties: readonly Property[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** An application to attack: every route with a body, and what is stored behind them. */
export class TargetRange {
  private constructor(
    readonly running: RunningApp,
    readonly document: ApiDocument,
    readonly samples: SampleRequests,
    readonly rows: Rows,
  ) {}

  /** No workers and no webhooks: then every row that appears comes from a request of the test. */
  static async open(): Promise<TargetRange> {
    const running = await startApp({ ROLE: 'api' });
    running.world.stripe.clearWebhook();
    const document = await ApiDocument.of(running.url);
    const samples = await SampleRequests.prepare(running);
    const rows = await Rows.of(running.world.description.databaseUrl);
    return new TargetRange(running, document, samples, rows);
  }

  async close(): Promise<void> {
    await this.rows.close();
    await this.running.close();
  }

  targets(): Promise<Target[]> {
    return Promise.all(
      this.document.bodyRoutes.map(async (route) => {
        const sample = await this.samples.of(route.key);
        const properties = propertiesOf(this.document, route.body ?? {});
        return { route, sample, valid: sample.body ?? {}, properties };
      }),
    );
  }

  async send(
    { route: { method }, sample: { path, signer = anonymous } }: Target,
    body: Buffer,
    more: Attack['headers'] = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.running.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...signer({ method, path, body }), ...more },
      body: new Uint8Array(body),
    });
    const { status, headers } = response;
    return { status, headers, text: await response.text() };
  }

  /** Sends every attack and tells each that was not refused as it should be. */
  async complaints(target: Target, attacks: readonly Attack[]): Promise<string[]> {
    const complaints: string[] = [];
    for (const { what, bytes, headers, expected, field } of attacks) {
      const answer = await this.send(target, bytes, headers);
      const isNamed = field === undefined || namesField(answer.text, field);
      const flaws = [
        ...(answer.status === expected ? [] : [`${answer.status} instead of ${expected}`]),
        ...flawsOfError(answer, target.sample.path),
        ...(isNamed ? [] : ['another field']),
        ...(isDocumented(this.document, target.route, answer) ? [] : ['not documented']),
      ];
      if (flaws.length > 0) {
        complaints.push(`${target.route.key}, ${what}: ${flaws.join('; ')} ${answer.text}`);
      }
    }
    return complaints;
  }
}

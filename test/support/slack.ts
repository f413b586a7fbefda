import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the next messages are answered. */
export type SlackMood =
  | { readonly kind: 'ok' }
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'refuses'; readonly error: string }
  | { readonly kind: 'breaks' };

export interface FakeSlack {
  /** For `SLACK_API_BASE`. */
  readonly apiBase: string;
  /** The settings of an application that writes to it. */
  readonly settings: Readonly<Record<string, string>>;
  readonly messages: { readonly channel: string; readonly text: string }[];
  /** Every request that came, whatever its answer was. */
  calls(): number;
  setMood(mood: SlackMood): void;
  /** As if it had just started. */
  forget(): void;
  close(): Promise<void>;
}

const TOKEN = 'xoxb-of-a-test';

interface SlackAnswer {
  readonly status: number;
  readonly body: { readonly ok: boolean; readonly error?: string };
  readonly headers?: Readonly<Record<string, string>>;
}

function answerTo(mood: SlackMood, exists: boolean, known: boolean): SlackAnswer {
  if (mood.kind === 'rate_limited') {
    const headers = { 'retry-after': String(mood.retryAfterSeconds) };
    return { status: 429, body: { ok: false, error: 'ratelimited' }, headers };
  }
  if (!exists) return { status: 404, body: { ok: false, error: 'unknown_method' } };
  if (!known) return { status: 200, body: { ok: false, error: 'invalid_auth' } };
  if (mood.kind === 'refuses') return { status: 200, body: { ok: false, error: mood.error } };
  return { status: 200, body: { ok: true } };
}

/** The part of Slack's Web API that alerts use, as its documentation says it answers. */
export async function startFakeSlack(): Promise<FakeSlack> {
  let mood: SlackMood = { kind: 'ok' };
  let calls = 0;
  const messages: { channel: string; text: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls += 1;
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      if (mood.kind === 'breaks') {
        request.socket.destroy();
        return;
      }
      const message = { channel: form.get('channel') ?? '', text: form.get('text') ?? '' };
      const known = request.headers.authorization === `Bearer ${TOKEN}`;
      const reply = answerTo(mood, request.url === '/api/chat.postMessage', known);
      if (reply.body.ok) messages.push(message);
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  return {
    apiBase,
    settings: { SLACK_BOT_TOKEN: TOKEN, SLACK_CHANNEL_ID: 'C042', SLACK_API_BASE: apiBase },
    messages,
    calls: () => calls,
    setMood: (wanted) => {
      mood = wanted;
    },
    forget: () => {
      mood = { kind: 'ok' };
      calls = 0;
      messages.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A request as it came. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly message: Message;
}

/** The body of a webhook. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly timestamp: string;
  readonly tenantId: string;
  readonly aggregate: { readonly type: string; readonly id: string };
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Answers a request; whoever never ends the answer lets the sender wait. */
export type Manner = (response: ServerResponse, received: Received) => void;

export const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): Manner =>
  (response) =>
    response.writeHead(status, headers).end(body);

/** A tenant's server on this machine, which takes whatever is posted to it. */
export interface WebhookReceiver {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** How it behaves from now on: as a whole, or on one path. */
  behave(manner: Manner, path?: string): void;
  forget(): void;
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const ok = answering(204);
  const manners = new Map<string | undefined, Manner>();
  const server = createServer((request, response) => {
    void read(request).then((one) => {
      received.push(one);
      (manners.get(one.path) ?? manners.get(undefined) ?? ok)(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    behave: (manner, path) => {
      manners.set(path, manner);
    },
    forget: () => {
      received.length = 0;
      manners.clear();
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

/** The message, if it is signed with the secret; throws otherwise. As a tenant would do it. */
export function verified(secret: string, { text, headers }: Received): Message {
  return new Webhook(secret).verify(text, headers) as Message;
}

async function read(request: IncomingMessage): Promise<Received> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const message = (text === '' ? {} : JSON.parse(text)) as Message;
  return { path: request.url ?? '', headers, text, message };
}

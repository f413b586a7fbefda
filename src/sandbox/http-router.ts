import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that found its route. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly header: (name: string) => string | undefined;
  /** The parsed JSON body, `undefined` when there is none. */
  readonly body: unknown;
  /** The body as it came. */
  readonly text: string;
}

/** What a route answers; `body` is sent as JSON. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

export type Route = (call: Call) => Reply | Promise<Reply>;

/** `'GET /api/v1/events/:eventId'` → what answers it. A parameter matches one path segment. */
export type Routes = Readonly<Record<string, Route>>;

/** A refusal a route throws; answered as `{error, code}`. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface ListenOptions {
  /** 0 or absent: a free one. */
  readonly port?: number | undefined;
  /** Sees every request first and answers or drops it itself when it returns true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A server on 127.0.0.1. */
export interface Listener {
  readonly baseUrl: string;
  readonly port: number;
  /** Stops listening and drops what is still open. */
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 1024 * 1024;

/** Serves routes over HTTP on the loopback interface. Rejects when the port is taken. */
export function listen(routes: Routes, options: ListenOptions = {}): Promise<Listener> {
  const table = Object.entries(routes).map(([key, route]) => ({ ...pattern(key), route }));
  const server = createServer((request, response) => {
    if (options.intercept?.(request, response) === true) return;
    void answer(table, request).then((reply) => {
      send(response, reply);
    });
  });
  // Longer than clients keep theirs: a server that closes first resets their next request.
  server.keepAliveTimeout = 120_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        baseUrl: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => {
              closed();
            });
            server.closeAllConnections();
          }),
      });
    });
  });
}

interface Entry {
  readonly method: string;
  readonly segments: readonly string[];
  readonly route: Route;
}

async function answer(table: readonly Entry[], request: IncomingMessage): Promise<Reply> {
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://emulator');
    for (const entry of table) {
      const params = entry.method === request.method ? match(entry.segments, pathname) : undefined;
      if (!params) continue;
      const header = (name: string): string | undefined => request.headers[name]?.toString();
      const text = await readText(request);
      return await entry.route({ params, header, body: parseJson(text), text });
    }
    throw new Refusal(404, 'NOT_FOUND', `No route ${request.method ?? ''} ${pathname}`);
  } catch (error) {
    if (error instanceof Refusal) {
      return { status: error.status, body: { error: error.message, code: error.code } };
    }
    console.error(error);
    return { status: 500, body: { error: 'The emulator failed', code: 'INTERNAL_ERROR' } };
  }
}

function pattern(key: string): { method: string; segments: string[] } {
  const [method = '', path = ''] = key.split(' ');
  return { method, segments: path.split('/') };
}

function match(segments: readonly string[], pathname: string): Record<string, string> | undefined {
  const parts = pathname.split('/');
  if (parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = decode(parts[index] ?? '');
    if (segment.startsWith(':') && part !== '') params[segment.slice(1)] = part;
    else if (segment !== part) return undefined;
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, 'BAD_REQUEST', 'The path is not a valid URL');
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) {
      throw new Refusal(413, 'PAYLOAD_TOO_LARGE', 'The body is larger than 1 MB');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal(400, 'BAD_REQUEST', 'The body is not JSON');
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

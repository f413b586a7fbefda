import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './http/pipeline.js';

/** What came in, body and all. */
export interface RawRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  headers: IncomingMessage['headers'];
}

/** Answers a request; null cuts its connection. */
export type Respond = (request: RawRequest) => Answer | null | Promise<Answer | null>;

const MAX_BODY = 1 << 20;

const read = (request: IncomingMessage): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) resolve(null);
      else chunks.push(chunk);
    });
    request.on('end', () => {
      resolve(Buffer.concat(chunks).toString());
    });
    request.on('error', reject);
  });

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  respond: Respond,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const query = at < 0 ? '' : url.slice(at + 1);
  const body = method === 'GET' ? '' : await read(request);
  if (body === null) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const answer = await respond({ method, path, query, body, headers });
  if (answer === null) {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}

/** Listens on a loopback address; the real port is told by `server.address()`. */
export async function listen(host: string, port: number, respond: Respond): Promise<Server> {
  const server = createServer((request, response) => {
    serve(request, response, respond).catch((error: unknown) => {
      // A client that left in the middle of its body ends here; there is nobody to answer.
      request.socket.destroy(error instanceof Error ? error : undefined);
    });
  });
  // A server that closes idle connections races its clients: they would see resets nobody planned.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Stops listening and cuts what is still connected. */
export const shut = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });

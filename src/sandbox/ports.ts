import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that systems give to whoever asks for any port: nobody gets one by accident. */
const [FIRST, BEYOND] = [20_000, 32_768];

const TRIES = 50;

/** A TCP port of 127.0.0.1 that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = await probe(randomInt(FIRST, BEYOND)).catch(() => undefined);
    if (port !== undefined) return port;
  }
  return probe(0);
}

/** `wished` when nothing listens there, else any free port. */
export async function freePortNear(wished: number | undefined): Promise<number> {
  if (wished === undefined) return freePort();
  return probe(wished).catch(() => freePort());
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no TCP address'));
        else resolve(address.port);
      });
    });
  });
}

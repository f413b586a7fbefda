import { createServer } from 'node:net';

const ATTEMPTS = 50;

/** The first free port from `wanted` on, on loopback; 0 stays 0 (the system chooses). */
export async function freePort(wanted: number): Promise<number> {
  if (wanted === 0) return 0;
  for (let port = wanted; port < wanted + ATTEMPTS; port++) {
    if (await isFree(port)) return port;
  }
  throw new Error(`No port between ${wanted} and ${wanted + ATTEMPTS} is free.`);
}

/** A listener on any address counts: it would take the connections meant for us. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', undefined]) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

import { Redis } from 'ioredis';

const PATIENCE_MS = 500;
const LONGEST_PAUSE_MS = 1_000;

/**
 * A connection for questions that somebody waits for: a command fails at once while there is no
 * server, and soon when it is silent. It comes back by itself.
 */
export function connectToAsk(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: PATIENCE_MS,
    connectTimeout: 2_000,
    keepAlive: 10_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_PAUSE_MS),
  });
  // Whoever asks is told; unheard, the event would end the process.
  redis.on('error', () => undefined);
  return redis;
}

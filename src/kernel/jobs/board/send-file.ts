import type { FastifyReply } from 'fastify';
import type { BoardFile } from './queue-board.js';

const POLICY = 'content-security-policy';

/** Sends a file of the board under the policy of every page, but for its `base` element. */
export async function sendFile(reply: FastifyReply, file: BoardFile): Promise<void> {
  const policy = String(reply.getHeader(POLICY));
  if (file.type.startsWith('text/html')) {
    reply.header(POLICY, policy.replace("base-uri 'none'", "base-uri 'self'"));
  }
  const lasting = 'private, max-age=86400';
  reply.header('cache-control', file.isLasting ? lasting : 'no-store');
  await reply.type(file.type).send(file.body);
}

import type { Reply } from '../http-router.js';
import type { Method } from './methods.js';
import { RpcError } from './rpc-error.js';
import { AnswerLost } from './send-transaction.js';

interface Request {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
}

/** Answers one JSON-RPC 2.0 request, or a batch of them. */
export function answerRpc(methods: Readonly<Record<string, Method>>, body: unknown): Reply {
  try {
    const answer = Array.isArray(body)
      ? body.map((request: Request | null) => answerOne(methods, request ?? {}))
      : answerOne(methods, body ?? {});
    return { status: 200, body: answer };
  } catch (error) {
    if (error instanceof AnswerLost) return { status: 502, body: { error: 'Bad gateway' } };
    throw error;
  }
}

function answerOne(methods: Readonly<Record<string, Method>>, request: Request): object {
  const { id = null, method, params = [] } = request;
  const head = { jsonrpc: '2.0', id };
  try {
    const known = typeof method === 'string' && Object.hasOwn(methods, method);
    const run = known ? methods[method] : undefined;
    if (!run) throw new RpcError(-32_601, 'Method not found');
    if (!Array.isArray(params)) throw new RpcError(-32_602, 'Invalid params: not a list');
    return { ...head, result: run(params) };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const { code, message, data } = error;
    return { ...head, error: { code, message, ...(data === undefined ? {} : { data }) } };
  }
}

const TIMEOUT_MS = 30_000;

/** What anvil answered with an error. */
export class AnvilError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Asks anvil itself, past every fault. Throws `AnvilError` for an error, others for no answer. */
export type AnvilRpc = (method: string, ...params: readonly unknown[]) => Promise<unknown>;

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export function anvilRpc(url: string): AnvilRpc {
  return async (method, ...params) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const { result, error } = JSON.parse(await post(url, body)) as Answer;
    if (error) throw new AnvilError(error.code, error.message);
    return result;
  };
}

/** Sends a body to anvil and answers its answer's text. */
export async function post(url: string, body: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return response.text();
}

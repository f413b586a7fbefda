import { randomUUID } from 'node:crypto';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The shape of a body is what a test asserts.
  readonly body: Body;
}

/** A body read member by member, as a client without types would. */
export type Body = Readonly<Record<string, unknown>> & {
  readonly transaction: Readonly<Record<string, unknown>>;
  readonly fees: Readonly<Record<string, unknown>>;
};

/** Calls the application as a user of its HTTP API does. */
export class Client {
  constructor(
    private readonly baseUrl: string,
    private readonly token?: string,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('POST', path, JSON.stringify(body), headers);
  }

  /** A POST that moves money, with a key of its own unless one is given. */
  pay(path: string, body: unknown, key: string = randomUUID()): Promise<Reply> {
    return this.post(path, body, { 'idempotency-key': key });
  }

  async send(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<Reply> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  }
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {} as Body;
  }
}

import { z } from 'zod';

/** The node answered a question with an error (JSON-RPC 2.0, section 5.1). */
export class SolanaRefusal extends Error {
  override readonly name = 'SolanaRefusal';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Asks a node. Throws `SolanaRefusal` for an error it answers, others for no answer of this shape. */
export type AskSolana = <T>(
  shape: z.ZodType<T>,
  method: string,
  params: readonly unknown[],
) => Promise<T>;

interface Question {
  readonly jsonrpc: '2.0';
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

interface Asked {
  readonly question: Question;
  readonly answer: (result: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/** Questions of one message at most. */
const MOST = 10;

const reply = z.object({
  id: z.number(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string().default('') }).nullish(),
});

/**
 * JSON-RPC over HTTP. Questions that are asked at the same time go in one message (section 6), unless
 * the node has once answered such a message with something else than a list. Each message has a time
 * limit; one whose connection broke is sent once more, for no question does more when it is asked
 * twice. No message quotes the address, which may hold a key.
 */
export function solanaRpc(url: string, timeoutMs: number): AskSolana {
  const mailbox = new Mailbox((body) => exchange(url, timeoutMs, body));
  return async (shape, method, params) => {
    const answer = shape.safeParse(await mailbox.ask(method, params));
    if (!answer.success) throw new Error(`what ${method} answered is no answer`);
    return answer.data;
  };
}

class Mailbox {
  private waiting: Asked[] = [];
  private asked = 0;
  private most = MOST;

  constructor(private readonly exchange: (body: string) => Promise<string>) {}

  ask(method: string, params: readonly unknown[]): Promise<unknown> {
    return new Promise((answer, fail) => {
      this.asked += 1;
      const question: Question = { jsonrpc: '2.0', id: this.asked, method, params };
      this.waiting.push({ question, answer, fail });
      if (this.waiting.length === 1) setImmediate(() => void this.sendAll());
    });
  }

  private async sendAll(): Promise<void> {
    const all = this.waiting.splice(0);
    const messages: Promise<void>[] = [];
    for (let at = 0; at < all.length; at += this.most) {
      messages.push(this.send(all.slice(at, at + this.most)));
    }
    await Promise.all(messages);
  }

  /** Never fails: whoever asked is told. */
  private async send(asked: readonly Asked[]): Promise<void> {
    const questions = asked.map(({ question }) => question);
    try {
      const body = JSON.stringify(questions.length === 1 ? questions[0] : questions);
      const told = JSON.parse(await this.exchange(body)) as unknown;
      if (questions.length > 1 && !Array.isArray(told)) {
        this.most = 1;
        await Promise.all(asked.map((each) => this.send([each])));
      } else deliver(asked, Array.isArray(told) ? told : [told]);
    } catch (error) {
      for (const { fail } of asked) fail(error);
    }
  }
}

function deliver(asked: readonly Asked[], told: readonly unknown[]): void {
  const replies = new Map(told.map((each) => reply.parse(each)).map((each) => [each.id, each]));
  for (const { question, answer, fail } of asked) {
    const { result, error } = replies.get(question.id) ?? { error: undefined };
    if (error) fail(new SolanaRefusal(error.code, error.message));
    else answer(result);
  }
}

async function exchange(url: string, timeoutMs: number, body: string): Promise<string> {
  const response = await fetchTwice(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the node answered ${response.status}`);
  return text;
}

async function fetchTwice(
  url: string,
  init: RequestInit & { readonly signal: AbortSignal },
): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal.aborted) throw error;
    return fetch(url, init);
  }
}

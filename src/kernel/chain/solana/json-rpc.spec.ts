import { z } from 'zod';
import { type Listener, listen } from '../../../sandbox/http-router.js';
import { SolanaRefusal, solanaRpc } from './json-rpc.js';

interface Question {
  readonly id: number;
  readonly method: string;
}

let node: Listener | undefined;
afterEach(() => node?.close());

/** A node that answers each message as told, and what it was sent. */
async function opened(answer: (body: Question | Question[]) => unknown) {
  const messages: (Question | Question[])[] = [];
  node = await listen({
    'POST /': ({ body }) => {
      messages.push(body as Question);
      return { status: 200, body: answer(body as Question) };
    },
  });
  const ask = solanaRpc(node.baseUrl, 5_000);
  return { messages, ask: (method: string) => ask(z.string(), method, []) };
}

const echo = ({ id, method }: Question) => ({ jsonrpc: '2.0', id, result: method });

it('sends questions of the same moment in one message, and takes answers in any order', async () => {
  const { messages, ask } = await opened((body) =>
    Array.isArray(body) ? body.map(echo).reverse() : echo(body),
  );
  expect(await Promise.all(['a', 'b', 'c'].map(ask))).toEqual(['a', 'b', 'c']);
  expect(messages).toHaveLength(1);
  expect(await ask('d')).toBe('d');
});

it('asks one by one where the node takes no lists, and goes on so', async () => {
  const { messages, ask } = await opened((body) =>
    Array.isArray(body) ? { error: { code: -32_600, message: 'no lists' } } : echo(body),
  );
  expect(await Promise.all(['a', 'b'].map(ask))).toEqual(['a', 'b']);
  expect(await Promise.all(['c', 'd'].map(ask))).toEqual(['c', 'd']);
  expect(messages.filter((message) => Array.isArray(message))).toHaveLength(1);
});

it('tells each what the node said of its own question', async () => {
  const { ask } = await opened((body) =>
    (body as Question[]).map((each) =>
      each.method === 'bad' ? { id: each.id, error: { code: -32_002, message: 'no' } } : echo(each),
    ),
  );
  const [good, bad] = await Promise.allSettled([ask('good'), ask('bad')]);
  expect(good).toMatchObject({ value: 'good' });
  expect(bad).toMatchObject({ reason: new SolanaRefusal(-32_002, 'no') });
});

it('takes no answer for an answer to another question', async () => {
  const { ask } = await opened(() => [{ jsonrpc: '2.0', id: 77, result: 'else' }]);
  const both = await Promise.allSettled([ask('a'), ask('b')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ethers } from '../../kernel/chain/polygon/index.js';
import { post } from './anvil-rpc.js';
import type { FaultDice } from './faults.js';

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** What a node of others lets everybody ask; never what changes the chain by decree. */
const PUBLIC = /^(?:eth|net|web3)_/;

interface Question {
  readonly id: unknown;
  readonly method?: unknown;
  readonly params?: readonly unknown[];
}

/** The connection goes without an answer. */
class Cut extends Error {}

/** The chain's JSON-RPC as the application sees it: anvil's, with faults. */
export class Relay {
  constructor(
    private readonly url: string,
    private readonly dice: FaultDice,
    /** Called when the chain may have got a transaction. */
    private readonly onSend: () => void,
  ) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (this.dice.current.isAway) throw new Cut();
      const asked = JSON.parse(await textOf(request)) as Question | readonly Question[];
      await sleep(this.dice.delayMs());
      const answer = Array.isArray(asked)
        ? await Promise.all((asked as readonly Question[]).map((each) => this.answer(each)))
        : await this.answer(asked as Question);
      if (response.destroyed) return;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    } catch {
      // Not JSON, anvil away, or cut on purpose: whoever asks learns nothing.
      request.socket.destroy();
    }
  }

  private async answer(question: Question): Promise<unknown> {
    const { id, method, params = [] } = question;
    if (typeof method !== 'string' || !PUBLIC.test(method)) {
      return { jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } };
    }
    switch (this.dice.fateOf(method)) {
      case 'dropReceipt':
        return this.dropReceipt(question);
      case 'rejectSend':
        return { jsonrpc: '2.0', id, error: { code: -32_000, message: 'txpool is full' } };
      case 'loseSend':
        return { jsonrpc: '2.0', id, result: ethers().keccak256(String(params[0])) };
      case 'cutSend':
        await this.pass(question);
        throw new Cut();
      case 'through':
        return this.pass(question);
    }
  }

  private async dropReceipt(question: Question): Promise<unknown> {
    const { result } = (await this.pass(question)) as { result?: unknown };
    if (result) this.dice.droppedReceipts += 1;
    return { jsonrpc: '2.0', id: question.id, result: null };
  }

  private async pass(question: Question): Promise<unknown> {
    const answer = JSON.parse(await post(this.url, JSON.stringify(question))) as unknown;
    if (question.method === 'eth_sendRawTransaction') this.onSend();
    return answer;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) throw new Cut();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

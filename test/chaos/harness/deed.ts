import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Reply } from '../../support/client.js';
import { newKey } from '../../support/shop.js';

/** Codes of answers that say no more than "ask again with the same key". */
const OPEN_CODES = ['DUPLICATE_IN_PROGRESS', 'RATE_LIMIT_EXCEEDED'];
const REST_MS = 200;

/** What an answer says of a payment. */
export interface Transaction {
  readonly id?: string;
  readonly status?: string;
  readonly stripePaymentIntentId?: string | null;
}

/** Something asked for once, with a key, as often as it takes until there is a final answer. */
export class Deed {
  readonly key = newKey();
  /** The final answer. */
  answer: Reply | undefined;
  asked = 0;
  /** Answers of 5xx so far, by code. */
  readonly troubles: string[] = [];

  constructor(
    readonly client: Client,
    readonly path: string,
    readonly body: object,
    /** Somebody who asks once and never comes back: what became of it is ours to find out. */
    readonly abandoned = false,
  ) {}

  get paymentId(): string | undefined {
    return this.transaction?.id;
  }

  /** What the answer says of the payment; refusals say nothing. */
  get transaction(): Transaction | undefined {
    return this.answer?.body.transaction;
  }

  /** Is the answer one that is stored under the key, and never changes again? */
  get isFinal(): boolean {
    const { answer } = this;
    if (answer?.status === 402) return true;
    return answer?.status === 200 && this.transaction?.status !== 'requires_action';
  }

  /** Asks up to `tries` times; answers whether there is a final answer by then. */
  async ask(tries: number, signal: AbortSignal): Promise<boolean> {
    const limit = this.abandoned ? 1 : tries;
    for (let i = 0; i < limit && this.answer === undefined && !signal.aborted; i++) {
      if (i > 0) await sleep(REST_MS * Math.min(i, 5));
      this.asked += 1;
      const reply = await this.client.pay(this.path, this.body, this.key).catch(() => undefined);
      if (reply === undefined) continue;
      if (reply.status >= 500) this.troubles.push(`${reply.status} ${String(reply.body.code)}`);
      if (!isOpen(reply)) this.answer = reply;
    }
    return this.answer !== undefined;
  }

  /** How the answer to the same key differs from the first one, if it does. */
  async replay(): Promise<string | undefined> {
    if (!this.answer || !this.isFinal) return undefined;
    const again = await this.client.pay(this.path, this.body, this.key);
    const { status, text } = this.answer;
    if (again.status === status && again.text === text) return undefined;
    return `${this.path} with key ${this.key} answered ${status} ${text}, then ${again.status} ${again.text}`;
  }
}

function isOpen({ status, body }: Reply): boolean {
  return status === 202 || status >= 500 || OPEN_CODES.includes(String(body.code));
}

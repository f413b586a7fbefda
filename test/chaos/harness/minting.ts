import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ethers } from '../../../src/kernel/chain/polygon/index.js';
import { toBase58 } from '../../../src/kernel/chain/solana/index.js';
import type { SeededRandom } from '../../../src/sandbox/stripe/faults/random.js';
import type { ChainName } from '../../support/chains.js';
import type { Client } from '../../support/client.js';
import { CHAINS, pick } from './plan.js';

/** Where an event's tickets become tokens, and what becomes of those whose money goes back. */
export interface Terms {
  readonly blockchain: ChainName | 'auto';
  readonly tokenRevocation: 'burn' | 'claw_back' | 'keep';
}

/** Of the events of a storm, one after the other. */
export const TERMS: readonly [Terms, ...Terms[]] = [
  { blockchain: 'auto', tokenRevocation: 'burn' },
  { blockchain: 'polygon', tokenRevocation: 'burn' },
  { blockchain: 'solana', tokenRevocation: 'burn' },
  { blockchain: 'polygon', tokenRevocation: 'claw_back' },
  { blockchain: 'solana', tokenRevocation: 'claw_back' },
  { blockchain: 'solana', tokenRevocation: 'keep' },
];

const WALLETS = 8;
const REST_MS = 100;

/** Wallets of buyers, on every chain. */
export class Wallets {
  private readonly addresses: Readonly<Record<ChainName, readonly string[]>> = {
    polygon: Array.from({ length: WALLETS }, polygonWallet),
    solana: Array.from({ length: WALLETS }, solanaWallet),
  };

  /** What a buyer adds to an order for an event with these terms: every second one names a wallet. */
  wish({ blockchain: wanted }: Terms, random: SeededRandom): object {
    if (random.below(2) === 0) return {};
    const blockchain = wanted === 'auto' ? pick(CHAINS, random) : wanted;
    return { recipient: { blockchain, address: pick(this.addresses[blockchain], random) } };
  }
}

/** Sets an event's terms, asking until it is done. */
export async function setTerms(admin: Client, eventId: string, settings: Terms): Promise<void> {
  const body = JSON.stringify({ settings });
  for (;;) {
    const reply = await admin
      .send('PUT', `/api/v1/events/${eventId}/settings`, body, {})
      .catch(() => undefined);
    if (reply?.status === 200) return;
    if (reply && reply.status < 500) throw new Error(`an event has no terms: ${reply.text}`);
    await sleep(REST_MS);
  }
}

function polygonWallet(): string {
  return ethers().getAddress(`0x${randomBytes(20).toString('hex')}`);
}

function solanaWallet(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return toBase58(Buffer.from(x, 'base64url'));
}

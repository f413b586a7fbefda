import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryBus } from '@nestjs/cqrs';
import type { ChainName } from '../../src/kernel/chain/chain-names.js';
import { sealKey } from '../../src/kernel/chain/signer/key-file.js';
import { Clock } from '../../src/kernel/clock.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { PeriodicTasks } from '../../src/kernel/jobs/index.js';
import type { Database } from '../../src/kernel/postgres/database.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { MINT_BATCHER } from '../../src/nft/infra/batcher.js';
import { polygonChain } from '../../src/nft/infra/polygon/index.js';
import { solanaChain } from '../../src/nft/infra/solana/index.js';
import type { TicketChain } from '../../src/nft/infra/ticket-chain.js';
import { TicketChains } from '../../src/nft/infra/ticket-chains.js';
import { mintJobId, type MintOrder } from '../../src/payments/payments.contract.js';
import { DevSigner } from '../../src/sandbox/polygon/index.js';
import type { Belongings } from '../support/belongings.js';
import { MintWorker } from '../support/mint-worker.js';
import { type Signed, sendBare } from './bare-node.js';
import { Child } from './child.js';
import type { ChainFacts, LocalChainQuestion } from './local-chain.js';

/** One line of figures: tickets from due to final and recorded, and the same bytes sent bare. */
export interface MintingLine {
  readonly scenario: 'minting-polygon' | 'minting-solana';
  readonly tickets: number;
  readonly transactions: number;
  readonly tickets_per_s: number;
  readonly ceiling: { readonly tickets_per_s: number };
  readonly ratio: number;
}

export interface MintingOptions {
  readonly database: Database;
  readonly chain: ChainName;
  /** A folder for the chain. */
  readonly home: string;
  readonly belongings: Belongings;
  readonly tickets: number;
}

/** Minted before, by the same process: libraries are loaded, code is compiled. */
const WARM_UP = 100;
/** Tickets of a payment. */
const BOUGHT = 4;
const POLL_MS = 50;
const PATIENCE_MS = 120_000;
const TIMEOUT_MS = 5_000;
const PASSPHRASE = 'correct horse battery staple';
const MICRO_USD = 500_000n;

type LocalChain = Child<LocalChainQuestion, unknown>;

/**
 * Mints tickets of paid payments on a local chain through a worker's own machinery: from the moment
 * that all are due until the last one is final and recorded. Then their transactions' bytes go to a
 * twin of that chain, which has not seen them, without any of it. Throws when either chain does not
 * have each token exactly once.
 */
export async function measureMinting(options: MintingOptions): Promise<MintingLine> {
  const { chain: name, home, belongings } = options;
  const key = await sealKey(
    name === 'polygon' ? 'secp256k1' : 'ed25519',
    name === 'polygon' ? new DevSigner(1).privateKey : randomBytes(32),
    PASSPHRASE,
  );
  const [folder, twin] = [path.join(home, name), path.join(home, `${name}-twin`)];
  const keyFile = path.join(home, `${name}.json`);
  mkdirSync(home, { recursive: true });
  writeFileSync(keyFile, JSON.stringify(key), { mode: 0o600 });
  const child = await belongings.add<LocalChain>(Child.start('local-chain'), (each) => each.stop());
  const start = async (from: string, fund: string | null = null) =>
    (await child.ask({ open: { chain: name, folder: from, fund } })) as ChainFacts;
  const minted = async () => (await child.ask({ minted: true })) as readonly string[];

  const early = clientOf(name, await start(folder, key.address), keyFile);
  const warm = await mint({ ...options, tickets: WARM_UP }, early);
  await child.ask({ close: true });
  cpSync(folder, twin, { recursive: true });

  const chain = clientOf(name, await start(folder), keyFile);
  const { tenantId, ticketIds, seconds } = await mint(options, chain);
  const tokens = await Promise.all(
    [...warm.ticketIds, ...ticketIds].map(async (id) => (await chain.identityOf(id)).tokenId),
  );
  requireOnceEach(tokens, await minted());
  await child.ask({ close: true });

  const signed = await signedBytes(options.database, tenantId);
  const { rpcUrl } = await start(twin);
  const bareSeconds = await sendBare(name, rpcUrl, signed);
  requireOnceEach(tokens, await minted());
  await child.ask({ close: true });
  await child.stop();

  return {
    scenario: `minting-${name}`,
    tickets: options.tickets,
    transactions: signed.length,
    tickets_per_s: rounded(options.tickets / seconds, 1),
    ceiling: { tickets_per_s: rounded(options.tickets / bareSeconds, 1) },
    ratio: rounded(bareSeconds / seconds, 3),
  };
}

function clientOf(name: ChainName, { rpcUrl, contract }: ChainFacts, keyFile: string): TicketChain {
  const signer = { keyFile, passphrase: PASSPHRASE };
  return name === 'polygon'
    ? polygonChain({ rpcUrl, chainId: 31_337, contract, signer, balanceAlertPol: 0 }, TIMEOUT_MS)
    : solanaChain({ rpcUrl, cluster: 'localnet', signer, balanceAlertSol: 0 }, TIMEOUT_MS);
}

/** Every row is there before the worker begins: what it finds is all due at once. */
async function mint(
  { database, chain: name, belongings, tickets }: MintingOptions,
  chain: TicketChain,
) {
  const tenantId = newId();
  const orders = Array.from({ length: tickets / BOUGHT }, () => paidOrder(name));
  const byPayment = new Map(orders.map((order) => [order.paymentId, order]));
  const tasks = await belongings.add(new PeriodicTasks(true), (each) =>
    each.onApplicationShutdown(),
  );
  const worker = new MintWorker(
    database,
    new TicketChains(new Map([[name, { signs: true, load: () => Promise.resolve(chain) }]])),
    {
      of: () =>
        Promise.resolve({ value: MICRO_USD, readAt: new Date(), stale: false, failing: false }),
    },
    {
      execute: ({ paymentId }: { paymentId: Uuid }) =>
        Promise.resolve(byPayment.get(paymentId) ?? null),
    } as unknown as QueryBus,
    new Clock(),
    tasks,
  );
  for (const { paymentId, ticketIds } of orders) {
    const about = { tenantId, paymentId, userId: newId(), ticketIds, correlationId: null };
    await worker.enqueue.execute({ about } as never);
  }
  // A worker that runs has its libraries loaded and its key opened.
  await chain.signerAddress();
  await chain.balance();
  const from = performance.now();
  worker.run();
  tasks.nudge(MINT_BATCHER);
  await untilRecorded(database, tenantId, tickets);
  const seconds = (performance.now() - from) / 1_000;
  await tasks.onApplicationShutdown();
  return { tenantId, ticketIds: orders.flatMap(({ ticketIds }) => ticketIds), seconds };
}

function paidOrder(blockchain: ChainName): MintOrder {
  const paymentId = newId();
  const now = Date.now();
  return {
    paymentId,
    jobId: mintJobId(paymentId),
    venueId: newId(),
    eventId: newId(),
    eventName: 'Rock Night',
    eventStartsAt: new Date(now + 3_600_000).toISOString(),
    soldAt: new Date(now).toISOString(),
    blockchain,
    recipient: null,
    ticketIds: Array.from({ length: BOUGHT }, () => newId()),
  };
}

async function untilRecorded(database: Database, tenantId: Uuid, tickets: number) {
  const left = sql`
    SELECT
      (SELECT count(*) FROM nft_mint_queue
        WHERE tenant_id = ${tenantId} AND status = 'minted')::integer AS minted,
      (SELECT count(*) FROM nft_batches
        WHERE tenant_id = ${tenantId} AND status <> 'done')::integer AS open`;
  for (const end = performance.now() + PATIENCE_MS; ;) {
    const [found] = await database.asWorker([left]);
    const row = found?.rows[0];
    if (row?.minted === tickets && row.open === 0) return;
    if (performance.now() > end) throw new Error(`minting came to ${JSON.stringify(row)}`);
    await sleep(POLL_MS);
  }
}

async function signedBytes(database: Database, tenantId: Uuid): Promise<readonly Signed[]> {
  const [found] = await database.asWorker([
    sql`SELECT hash, bytes FROM nft_transactions WHERE tenant_id = ${tenantId} AND status = 'done'
      ORDER BY nonce, signed_at`,
  ]);
  return (found?.rows ?? []) as unknown as readonly Signed[];
}

function requireOnceEach(wanted: readonly string[], minted: readonly string[]): void {
  const isSame = wanted.toSorted().join() === minted.toSorted().join();
  if (!isSame)
    throw new Error(`the chain has ${minted.length} tokens for ${wanted.length} tickets`);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

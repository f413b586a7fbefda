import { Counter, Gauge, Histogram } from 'prom-client';
import { registry } from '../../kernel/observability/index.js';

const registers = [registry];

/** `outcome`: signed, sent, done, failed or expired. */
export const mintTransactions = new Counter({
  name: 'nft_transactions_total',
  help: 'Transactions of this process on a chain, by chain and what became of them',
  labelNames: ['blockchain', 'outcome'],
  registers,
});

export const mintSeconds = new Histogram({
  name: 'nft_mint_duration_seconds',
  help: 'Time from the request for a token to its final block, by chain',
  labelNames: ['blockchain'],
  buckets: [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 900, 3_600],
  registers,
});

export const mintsUnfinished = new Gauge({
  name: 'nft_mints_unfinished',
  help: 'Tickets whose token is not as it should be yet, over all tenants, by chain and status',
  labelNames: ['blockchain', 'status'],
  registers,
});

export const oldestMintSeconds = new Gauge({
  name: 'nft_oldest_unfinished_seconds',
  help: 'Age of the oldest request for a token that no person has to look at, by chain',
  labelNames: ['blockchain'],
  registers,
});

export const chainBalance = new Gauge({
  name: 'nft_signer_balance_coins',
  help: 'What the signer has left for costs, in whole coins (POL, SOL), by chain',
  labelNames: ['blockchain'],
  registers,
});

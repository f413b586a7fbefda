import { toBase58 } from '../../kernel/chain/solana/index.js';
import { BLOCKHASH_LIFETIME, type Commitment } from './block-clock.js';
import { decodeMessage, decodeTransaction } from './decode-transaction.js';
import { feeOf } from './fee.js';
import type { FaultDice } from './faults.js';
import type { SvmAccount } from './litesvm.js';
import type { LocalChain } from './local-chain.js';
import * as param from './params.js';
import { RpcError } from './rpc-error.js';
import { renderStatus, renderTransaction } from './render.js';
import { sendTransaction } from './send-transaction.js';
import { holdingOf, mintOf } from './token-accounts.js';

export type Method = (params: readonly unknown[]) => unknown;

/** The methods of a node that this one has, https://solana.com/docs/rpc/http. */
export function rpcMethods(chain: LocalChain, dice: FaultDice): Readonly<Record<string, Method>> {
  const { clock } = chain;
  const at = (commitment: Commitment, value: unknown) => ({
    context: { apiVersion: '2.2.0', slot: clock.height(commitment) },
    value,
  });
  return {
    getHealth: () => 'ok',
    getVersion: () => ({ 'solana-core': '2.2.0', 'feature-set': 1 }),
    getGenesisHash: () => chain.genesisHash,
    getSlot: ([options]) => clock.height(param.commitment(options)),
    getBlockHeight: ([options]) => clock.height(param.commitment(options)),
    getEpochInfo: ([options]) => {
      const height = clock.height(param.commitment(options));
      return {
        absoluteSlot: height,
        blockHeight: height,
        epoch: 0,
        slotIndex: height,
        slotsInEpoch: 432_000,
        transactionCount: chain.transactions.length,
      };
    },
    getLatestBlockhash: ([options]) => {
      const commitment = param.commitment(options);
      const height = clock.height(commitment);
      return at(commitment, {
        blockhash: clock.blockhash(height),
        lastValidBlockHeight: height + BLOCKHASH_LIFETIME,
      });
    },
    isBlockhashValid: ([hash]) => at('processed', clock.isRecent(param.address(hash))),
    getBalance: ([address, options]) => {
      const commitment = param.commitment(options);
      const account = chain.account(param.address(address), commitment);
      return at(commitment, Number(account?.lamports() ?? 0n));
    },
    getAccountInfo: ([address, options]) => {
      const commitment = param.commitment(options);
      return at(commitment, rendered(chain.account(param.address(address), commitment)));
    },
    getMultipleAccounts: ([addresses, options]) => {
      const commitment = param.commitment(options);
      const accounts = param.addresses(addresses);
      return at(
        commitment,
        accounts.map((address) => rendered(chain.account(address, commitment))),
      );
    },
    getTokenLargestAccounts: ([address, options]) => {
      const commitment = param.commitment(options);
      return at(commitment, largestAccounts(chain, param.address(address), commitment));
    },
    getMinimumBalanceForRentExemption: ([bytes]) => chain.rentFor(param.whole(bytes)),
    getFeeForMessage: ([message]) => {
      const { header, blockhash, instructions } = decodeMessage(param.base64(message));
      const isRecent = clock.isRecent(blockhash);
      return at('processed', isRecent ? feeOf(header.numRequiredSignatures, instructions) : null);
    },
    getRecentPrioritizationFees: () =>
      Array.from({ length: Math.min(clock.height(), BLOCKHASH_LIFETIME) }, (_, back) => ({
        slot: clock.height() - back,
        prioritizationFee: 0,
      })).toReversed(),
    requestAirdrop: ([address, lamports]) =>
      chain.airdrop(param.address(address), param.whole(lamports)),
    sendTransaction: ([bytes, options]) =>
      sendTransaction(chain, dice, param.encoded(bytes, options), param.skipsPreflight(options)),
    simulateTransaction: ([bytes, options]) => {
      const raw = param.encoded(bytes, options);
      decodeTransaction(raw);
      const { error, units, logs } = chain.simulate(raw);
      return at('processed', { err: error, unitsConsumed: units, logs, accounts: null });
    },
    getSignatureStatuses: ([signatures]) =>
      at(
        'processed',
        param.signatures(signatures).map((signature) => {
          const landed = chain.find(signature);
          return landed && !dice.dropsReceipt() ? renderStatus(landed, clock) : null;
        }),
      ),
    getTransaction: ([signature, options]) => {
      const landed = chain.find(param.signature(signature));
      const isThere = landed && landed.slot <= clock.height(param.commitment(options));
      if (!isThere || landed.kind !== 'transaction' || dice.dropsReceipt()) return null;
      return renderTransaction(landed);
    },
  };
}

function rendered(account: SvmAccount | null): object | null {
  if (!account) return null;
  const data = account.data();
  return {
    data: [Buffer.from(data).toString('base64'), 'base64'],
    executable: account.executable(),
    lamports: Number(account.lamports()),
    owner: toBase58(account.owner()),
    rentEpoch: 0,
    space: data.length,
  };
}

function largestAccounts(chain: LocalChain, mint: string, commitment: Commitment): object[] {
  const facts = mintOf(chain.account(mint, commitment)?.data() ?? new Uint8Array());
  if (!facts) throw new RpcError(-32_602, 'Invalid param: could not find account');
  return chain
    .holdingsOf(mint)
    .flatMap((address) => {
      const holding = holdingOf(chain.account(address, commitment)?.data() ?? new Uint8Array());
      return holding ? [{ address, amount: holding.amount }] : [];
    })
    .toSorted((a, b) => (a.amount > b.amount ? -1 : 1))
    .slice(0, 20)
    .map(({ address, amount }) => ({
      address,
      amount: String(amount),
      decimals: facts.decimals,
      uiAmount: Number(amount) / 10 ** facts.decimals,
      uiAmountString: String(Number(amount) / 10 ** facts.decimals),
    }));
}

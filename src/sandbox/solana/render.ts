import { toBase58 } from '../../kernel/chain/solana/index.js';
import type { BlockClock } from './block-clock.js';
import { decodeTransaction } from './decode-transaction.js';
import type { Airdrop, LandedTransaction } from './ledger-file.js';

/** One entry of what `getSignatureStatuses` answers. */
export function renderStatus(landed: Airdrop | LandedTransaction, clock: BlockClock): object {
  const { slot } = landed;
  const err = landed.kind === 'transaction' ? landed.error : null;
  const isFinal = slot <= clock.height('finalized');
  const isConfirmed = slot <= clock.height('confirmed');
  return {
    slot,
    confirmations: isFinal ? null : clock.height() - slot,
    err,
    status: err === null ? { Ok: null } : { Err: err },
    confirmationStatus: isFinal ? 'finalized' : isConfirmed ? 'confirmed' : 'processed',
  };
}

/** What `getTransaction` answers, in the encoding that web3.js asks for. */
export function renderTransaction(landed: LandedTransaction): object {
  const decoded = decodeTransaction(Buffer.from(landed.bytes, 'base64'));
  const { version, header, accounts, blockhash, signatures } = decoded;
  return {
    slot: landed.slot,
    blockTime: landed.time,
    version,
    transaction: {
      signatures,
      message: {
        header,
        accountKeys: accounts,
        recentBlockhash: blockhash,
        instructions: decoded.instructions.map(({ programIndex, accountIndexes, data }) => ({
          programIdIndex: programIndex,
          accounts: accountIndexes,
          data: toBase58(data),
        })),
        ...(version === 0 ? { addressTableLookups: [] } : {}),
      },
    },
    meta: {
      err: landed.error,
      status: landed.error === null ? { Ok: null } : { Err: landed.error },
      fee: landed.fee,
      preBalances: landed.before,
      postBalances: landed.after,
      computeUnitsConsumed: landed.units,
      logMessages: landed.logs,
      innerInstructions: [],
      loadedAddresses: { writable: [], readonly: [] },
    },
  };
}

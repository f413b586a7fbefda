import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { TokenOrder } from '../ticket-chain.js';
import type { SolanaLibraries } from './libraries.js';
import { mintAddressOf, seedOf, tokenAccountOf } from './mint-address.js';
import { SYMBOL } from './token-text.js';

/** Type and length before the metadata in the mint account. */
const METADATA_HEADER = 4;

/** A ticket's token before it is minted. */
export interface MintPlan {
  readonly mint: PublicKey;
  /** Bytes of the mint account before its metadata, and with them. */
  readonly space: number;
  readonly bytes: number;
  instructions(rent: bigint): TransactionInstruction[];
}

/**
 * What makes the one token of a ticket (Token-2022): a mint account whose address follows from the
 * ticket, with the metadata in it and the base account as permanent delegate, which can burn or claw
 * back; one token in the owner's associated account; then nobody may mint any more, and nobody can
 * close the mint, so that it is never made again. If any of this cannot be done, nothing is.
 *
 * The account is not made by `createAccountWithSeed`: anybody can send lamports to the address
 * beforehand, and that instruction refuses an address with lamports.
 */
export function planMint(
  { web3, token, metadata }: SolanaLibraries,
  order: TokenOrder,
  base: PublicKey,
): MintPlan {
  const { PublicKey, SystemProgram } = web3;
  const program = token.TOKEN_2022_PROGRAM_ID;
  const address = mintAddressOf(order.ticketId, base.toBase58());
  const mint = new PublicKey(address);
  const owner = new PublicKey(order.owner);
  const account = new PublicKey(tokenAccountOf(address, order.owner));
  const text = { name: order.name, symbol: SYMBOL, uri: order.uri };
  const space = token.getMintLen([
    token.ExtensionType.MetadataPointer,
    token.ExtensionType.PermanentDelegate,
  ]);
  const packed = metadata.pack({ mint, updateAuthority: base, additionalMetadata: [], ...text });
  return {
    mint,
    space,
    bytes: space + METADATA_HEADER + packed.length,
    instructions: (rent) => [
      SystemProgram.transfer({ fromPubkey: base, toPubkey: mint, lamports: rent }),
      SystemProgram.allocate({
        accountPubkey: mint,
        basePubkey: base,
        seed: seedOf(order.ticketId),
        space,
        programId: program,
      }),
      token.createInitializeMetadataPointerInstruction(mint, null, mint, program),
      token.createInitializePermanentDelegateInstruction(mint, base, program),
      token.createInitializeMint2Instruction(mint, 0, base, null, program),
      metadata.createInitializeInstruction({
        programId: program,
        metadata: mint,
        updateAuthority: base,
        mint,
        mintAuthority: base,
        ...text,
      }),
      token.createAssociatedTokenAccountIdempotentInstruction(base, account, owner, mint, program),
      token.createMintToInstruction(mint, account, base, 1, [], program),
      token.createSetAuthorityInstruction(
        mint,
        base,
        token.AuthorityType.MintTokens,
        null,
        [],
        program,
      ),
    ],
  };
}

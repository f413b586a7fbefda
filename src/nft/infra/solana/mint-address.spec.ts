import { getAssociatedTokenAddressSync, TOKEN_2022_PROGRAM_ID } from '@solana/spl-token';
import { Keypair, PublicKey } from '@solana/web3.js';
import { newId } from '../../../kernel/ids.js';
import { mintAddressOf, seedOf, tokenAccountOf } from './mint-address.js';

const some = () => Keypair.generate().publicKey;

describe('a ticket', () => {
  it('has a mint where the system program makes it', async () => {
    const [base, ticketId] = [some(), newId()];
    const expected = await PublicKey.createWithSeed(base, seedOf(ticketId), TOKEN_2022_PROGRAM_ID);
    expect(mintAddressOf(ticketId, base.toBase58())).toBe(expected.toBase58());
  });

  it('has a token account where the associated token program makes it', () => {
    for (let n = 0; n < 100; n++) {
      const [mint, owner] = [some(), some()];
      const expected = getAssociatedTokenAddressSync(mint, owner, false, TOKEN_2022_PROGRAM_ID);
      expect(tokenAccountOf(mint.toBase58(), owner.toBase58())).toBe(expected.toBase58());
    }
  });
});

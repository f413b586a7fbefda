import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { PublicKey } from '@solana/web3.js';
import { computeAddress, recoverAddress, Signature } from 'ethers';
import type { Curve, Signer } from '../../src/kernel/chain/signer/index.js';

/** What every signer must do, whatever keeps its key. */
export function describeSigner(name: string, make: (curve: Curve) => Signer): void {
  describe(`${name}: secp256k1`, () => {
    it('has the address of its public key, with a checksum', async () => {
      const signer = make('secp256k1');
      const publicKey = await signer.publicKey();
      expect([publicKey.length, publicKey[0]]).toEqual([65, 4]);
      const address = await signer.address();
      expect(address).toBe(computeAddress(`0x${publicKey.toString('hex')}`));
      expect(address).toMatch(/^0x[\da-fA-F]{40}$/);
    });

    it('signs digests so that they lead back to its address, with s of the lower half', async () => {
      const signer = make('secp256k1');
      const address = await signer.address();
      for (let i = 0; i < 8; i++) {
        const digest = randomBytes(32);
        const signature = await signer.sign(digest);
        expect(signature.length).toBe(65);
        const [r, s] = [signature.subarray(0, 32), signature.subarray(32, 64)];
        const yParity = signature[64];
        if (yParity !== 0 && yParity !== 1) throw new Error('no parity');
        // ethers refuses an s of the higher half by itself.
        const read = Signature.from({ r: hex(r), s: hex(s), yParity });
        expect(recoverAddress(digest, read)).toBe(address);
      }
    });
  });

  describe(`${name}: ed25519`, () => {
    it('has the address that is its public key', async () => {
      const signer = make('ed25519');
      const publicKey = await signer.publicKey();
      expect(publicKey.length).toBe(32);
      expect(new PublicKey(await signer.address()).toBuffer().equals(publicKey)).toBe(true);
    });

    it('signs messages of any length', async () => {
      const signer = make('ed25519');
      const key = createPublicKey({
        key: { kty: 'OKP', crv: 'Ed25519', x: (await signer.publicKey()).toString('base64url') },
        format: 'jwk',
      });
      for (const message of [Buffer.alloc(0), Buffer.from('hello'), randomBytes(1_232)]) {
        const signature = await signer.sign(message);
        expect(signature.length).toBe(64);
        expect(verify(null, message, key, signature)).toBe(true);
      }
    });
  });
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

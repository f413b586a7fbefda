import { ethers } from '../../kernel/chain/polygon/index.js';
import { Signer } from '../../kernel/chain/signer/signer.js';

/** Keys of accounts that every anvil has money on (getfoundry.sh/anvil): known to everybody. */
const KEYS = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
] as const;

/** One of anvil's own accounts, whose key is worth nothing elsewhere. */
export class DevSigner extends Signer {
  readonly curve = 'secp256k1';
  private readonly key;

  constructor(account: 0 | 1) {
    super();
    this.key = new (ethers().SigningKey)(KEYS[account]);
  }

  /** 32 bytes. */
  get privateKey(): Buffer {
    return bytes(this.key.privateKey);
  }

  address(): Promise<string> {
    return Promise.resolve(ethers().computeAddress(this.key));
  }

  publicKey(): Promise<Buffer> {
    return Promise.resolve(bytes(this.key.publicKey));
  }

  sign(digest: Uint8Array): Promise<Buffer> {
    const { r, s, yParity } = this.key.sign(digest);
    return Promise.resolve(Buffer.concat([bytes(r), bytes(s), Buffer.of(yParity)]));
  }
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}

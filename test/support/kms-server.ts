import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { SigningKey } from 'ethers';
import { type Listener, listen, Refusal } from '../../src/sandbox/http-router.js';

/** AWS KMS as far as signing goes (docs.aws.amazon.com/kms/latest/APIReference). */
export interface KmsServer extends Listener {
  readonly keys: { readonly secp256k1: string; readonly ed25519: string };
  /** From now on it is as if there were no KMS. */
  fail(failing: boolean): void;
}

interface SignRequest {
  readonly KeyId: string;
  readonly Message: string;
  readonly MessageType: string;
  readonly SigningAlgorithm: string;
}

const ORDER = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n;

/** Starts one with a key of each curve. Every second ECDSA signature has the higher s, as KMS's may. */
export async function startKms(): Promise<KmsServer> {
  const ec = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const ed = generateKeyPairSync('ed25519');
  const { d = '' } = ec.privateKey.export({ format: 'jwk' });
  const scalar = new SigningKey(Buffer.from(d, 'base64url'));
  const keys = { secp256k1: 'alias/tickets-polygon', ed25519: 'alias/tickets-solana' };
  let failing = false;
  let signed = 0;
  const publicKey = ({ KeyId }: Pick<SignRequest, 'KeyId'>) => ({
    KeyId,
    PublicKey: spki(KeyId === keys.secp256k1 ? ec.publicKey : ed.publicKey),
  });
  const signature = ({ KeyId, Message, MessageType, SigningAlgorithm }: SignRequest) => {
    const message = Buffer.from(Message, 'base64');
    const kind = `${KeyId} ${MessageType} ${SigningAlgorithm}`;
    if (kind === `${keys.ed25519} RAW ED25519_SHA_512`) {
      return { KeyId, Signature: sign(null, message, ed.privateKey).toString('base64') };
    }
    if (kind !== `${keys.secp256k1} DIGEST ECDSA_SHA_256`) {
      throw new Refusal(400, 'ValidationException', `no key signs ${kind}`);
    }
    const { r, s } = scalar.sign(message);
    const isHigh = signed++ % 2 === 0;
    const der = derOf(BigInt(r), isHigh ? ORDER - BigInt(s) : BigInt(s));
    return { KeyId, Signature: der.toString('base64') };
  };
  const listener = await listen({
    'POST /': ({ header, body }) => {
      if (failing) throw new Refusal(500, 'KMSInternalException', 'away');
      const target = header('x-amz-target');
      if (target === 'TrentService.GetPublicKey') {
        return { status: 200, body: publicKey(body as SignRequest) };
      }
      if (target === 'TrentService.Sign')
        return { status: 200, body: signature(body as SignRequest) };
      throw new Refusal(400, 'UnknownOperationException', target ?? 'no target');
    },
  });
  return { ...listener, keys, fail: (wanted) => (failing = wanted) };
}

function spki(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

function derOf(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([r, s].map(integer));
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** With a zero before it where its first bit would make it negative. */
function integer(value: bigint): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(0x02, padded.length), padded]);
}

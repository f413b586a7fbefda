import { randomBytes } from 'node:crypto';
import { type Curve, SignerUnavailable } from '../../src/kernel/chain/signer/index.js';
import { KmsSigner } from '../../src/kernel/chain/signer/kms-signer.js';
import { type KmsServer, startKms } from '../support/kms-server.js';
import { describeSigner } from './signer.js';

let kms: KmsServer;

beforeAll(async () => {
  kms = await startKms();
});
afterAll(() => kms.close());

const signer = (curve: Curve, key = kms.keys[curve]) =>
  new KmsSigner(curve, key, 2_000, {
    endpoint: kms.baseUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'of-no-use', secretAccessKey: 'anywhere' },
    maxAttempts: 1,
  });

describeSigner('AWS KMS', (curve) => signer(curve));

describe('AWS KMS', () => {
  it('that is away throws SignerUnavailable, and signs again when it is back', async () => {
    const used = signer('secp256k1');
    kms.fail(true);
    await expect(used.sign(randomBytes(32))).rejects.toThrow(SignerUnavailable);
    kms.fail(false);
    expect(await used.sign(randomBytes(32))).toHaveLength(65);
    kms.fail(true);
    await expect(used.sign(randomBytes(32))).rejects.toThrow(SignerUnavailable);
    kms.fail(false);
  });

  it('with a key of another curve is refused', async () => {
    const wrong = signer('ed25519', kms.keys.secp256k1);
    await expect(wrong.address()).rejects.toThrow('not of ed25519');
  });
});

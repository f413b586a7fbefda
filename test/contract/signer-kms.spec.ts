import { randomBytes } from 'node:crypto';
import { type Curve, CURVES, SignerUnavailable } from '../../src/kernel/chain/signer/index.js';
import { KmsSigner } from '../../src/kernel/chain/signer/kms-signer.js';
import { type KmsServer, startKms } from '../support/kms-server.js';
import { describeSigner } from './signer.js';

let kms: KmsServer;

beforeAll(async () => {
  kms = await startKms();
});
afterAll(() => kms.close());

const OPTIONS = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'of-no-use', secretAccessKey: 'anywhere' },
  maxAttempts: 1,
};
const signer = (curve: Curve, key = kms.keys[curve]) =>
  new KmsSigner(curve, key, 2_000, { ...OPTIONS, endpoint: kms.baseUrl });

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

  it.each(CURVES)('whose alias got another key of %s is away once', async (curve) => {
    const other = await startKms();
    const serving = { at: kms };
    const moving = new KmsSigner(curve, kms.keys[curve], 2_000, {
      ...OPTIONS,
      endpoint: () => {
        const { hostname, port } = new URL(serving.at.baseUrl);
        return Promise.resolve({ protocol: 'http:', hostname, port: Number(port), path: '/' });
      },
    });
    const address = await moving.address();
    expect(address).toBe(await signer(curve).address());
    serving.at = other;
    const payload = randomBytes(32);
    await expect(moving.sign(payload)).rejects.toThrow(SignerUnavailable);
    expect(await moving.address()).not.toBe(address);
    expect(await moving.sign(payload)).toHaveLength(curve === 'ed25519' ? 64 : 65);
    await other.close();
  });

  it('with a key of another curve is refused', async () => {
    const wrong = signer('ed25519', kms.keys.secp256k1);
    await expect(wrong.address()).rejects.toThrow('not of ed25519');
  });
});

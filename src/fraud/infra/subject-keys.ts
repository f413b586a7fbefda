import { hmacSha256 } from '../../kernel/crypto/digest.js';
import type { Uuid } from '../../kernel/ids.js';
import { normalised, type Subject } from '../domain/list-entry.js';
import type { PurchaseToCheck } from './purchase-to-check.js';
import { addressOf } from './record-purchase-signals.js';

const PURPOSE = 'fraud-subjects';

/**
 * Hashes by which fraud remembers devices and whom its lists name, so that rows and logs hold no
 * values and whoever reads them cannot guess any. The first secret hashes what is stored; by the
 * others it is still found.
 */
export class SubjectKeys {
  private readonly keys: readonly Buffer[];

  /** The keys are derived from the secrets for this purpose alone. */
  constructor(secrets: readonly string[]) {
    if (secrets.length === 0) throw new Error('no secret hashes whom lists name');
    this.keys = secrets.map((secret) => hmacSha256(Buffer.from(secret), PURPOSE));
  }

  /** Under what a subject of a tenant may stand: 256 bits in hexadecimal, the newest key's first. */
  hashes(tenantId: Uuid, subject: Subject): readonly [string, ...string[]] {
    const text = JSON.stringify([tenantId.toLowerCase(), subject.type, normalised(subject)]);
    const [first = '', ...older] = this.keys.map((key) => hmacSha256(key, text).toString('hex'));
    return [first, ...older];
  }

  /** Under what a purchase may stand in the lists. */
  listed(purchase: PurchaseToCheck): string[] {
    const { signals, userId, paymentMethod, billingAddress } = purchase;
    const ip = addressOf(signals.ip);
    const subjects: Subject[] = [{ type: 'user', value: userId }];
    if (signals.deviceFingerprint)
      subjects.push({ type: 'device', value: signals.deviceFingerprint });
    if (ip) subjects.push({ type: 'ip', value: ip });
    if (paymentMethod) subjects.push({ type: 'card', value: paymentMethod });
    if (billingAddress) subjects.push({ type: 'address', value: billingAddress });
    return subjects.flatMap((subject) => this.hashes(purchase.tenantId, subject));
  }

  /** Under what a purchase's device is remembered; empty where none was told. */
  devices({ tenantId, signals }: PurchaseToCheck): readonly string[] {
    const { deviceFingerprint: value } = signals;
    return value ? this.hashes(tenantId, { type: 'device', value }) : [];
  }
}

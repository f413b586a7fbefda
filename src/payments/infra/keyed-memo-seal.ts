import { createHmac } from 'node:crypto';
import { constantTimeEqual } from '../../kernel/crypto/index.js';
import type { MemoSeal } from '../domain/sale-memo.js';

const FORMAT = /^([\w-]+)\.([\w-]{43})$/;

/**
 * Seals with HMAC-SHA256 under keys of its own, which follow from the secrets: the first seals, all
 * open. Not encrypted: a memo says nothing that the provider may not read.
 */
export class KeyedMemoSeal implements MemoSeal {
  private readonly keys: readonly Buffer[];
  private readonly current: Buffer;

  constructor(secrets: readonly string[]) {
    this.keys = secrets.map((secret) => createHmac('sha256', secret).update('sale memo').digest());
    const [current] = this.keys;
    if (!current) throw new Error('no secret seals the memos of sales');
    this.current = current;
  }

  seal(text: string): string {
    const payload = Buffer.from(text).toString('base64url');
    return `${payload}.${mac(this.current, payload)}`;
  }

  open(sealed: string): string | null {
    const [, payload, given] = FORMAT.exec(sealed) ?? [];
    if (payload === undefined || given === undefined) return null;
    const genuine = this.keys.some((key) => constantTimeEqual(given, mac(key, payload)));
    return genuine ? Buffer.from(payload, 'base64url').toString('utf8') : null;
  }
}

function mac(key: Buffer, payload: string): string {
  return createHmac('sha256', key).update(payload).digest('base64url');
}

import { existsSync } from 'node:fs';
import { readKeyFile, sealKey } from '../../kernel/chain/signer/key-file.js';
import type { Curve } from '../../kernel/chain/signer/signer.js';
import { writeAtomic } from '../atomic-file.js';

/** The address of the sealed key in `file`, which is made at the first start. */
export async function keptKey(
  file: string,
  curve: Curve,
  passphrase: string,
  privateKey: () => Uint8Array,
): Promise<string> {
  if (!existsSync(file)) {
    const sealed = await sealKey(curve, privateKey(), passphrase);
    writeAtomic(file, `${JSON.stringify(sealed, null, 2)}\n`);
  }
  return (await readKeyFile(file)).address;
}

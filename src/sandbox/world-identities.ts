import { keepJson } from './atomic-file.js';
import { newCast } from './cast.js';
import type { WorldFiles } from './folder.js';
import { Identities, loadSigningKey } from './identities.js';

/** The identities kept in a world's folder, made at its first start. */
export async function loadIdentities(files: WorldFiles): Promise<Identities> {
  return new Identities(keepJson(files.cast, newCast), await loadSigningKey(files.keys));
}

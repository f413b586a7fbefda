import { sha256 } from '../../kernel/crypto/digest.js';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/**
 * A Merkle tree as RFC 9162 (section 2.1) defines it: SHA-256, leaves and nodes told apart by a first
 * byte, so that no node can be passed off as a leaf.
 */
export function leafHash(text: string): Buffer {
  return sha256(LEAF, text);
}

const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/** The root over the hashes, in their order; of none, the hash of nothing. */
export function rootOf(hashes: readonly Uint8Array[]): Buffer {
  const [only] = hashes;
  if (only === undefined) return sha256();
  if (hashes.length === 1) return Buffer.from(only);
  const cut = leftSize(hashes.length);
  return nodeHash(rootOf(hashes.slice(0, cut)), rootOf(hashes.slice(cut)));
}

/** The siblings that lead from the hash at `index` to the root, the lowest first. */
export function pathOf(hashes: readonly Uint8Array[], index: number): Buffer[] {
  if (hashes.length <= 1) return [];
  const cut = leftSize(hashes.length);
  return index < cut
    ? [...pathOf(hashes.slice(0, cut), index), rootOf(hashes.slice(cut))]
    : [...pathOf(hashes.slice(cut), index - cut), rootOf(hashes.slice(0, cut))];
}

/** The root that a leaf at `index` of `size` and its path give: right if it is the published one. */
export function rootFrom(
  leaf: Uint8Array,
  { index, size }: { readonly index: number; readonly size: number },
  path: readonly Uint8Array[],
): Buffer | undefined {
  if (index < 0 || index >= size) return undefined;
  const [sibling, lower] = [path.at(-1), path.slice(0, -1)];
  if (size === 1) return sibling === undefined ? Buffer.from(leaf) : undefined;
  if (sibling === undefined) return undefined;
  const cut = leftSize(size);
  const isLeft = index < cut;
  const side = isLeft ? { index, size: cut } : { index: index - cut, size: size - cut };
  const under = rootFrom(leaf, side, lower);
  if (under === undefined) return undefined;
  return isLeft ? nodeHash(under, sibling) : nodeHash(sibling, under);
}

/** The largest power of two below `size`, which is at least 2. */
function leftSize(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}

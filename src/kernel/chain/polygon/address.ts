import { ethers } from './ethers.js';

const FORM = /^0x[0-9a-fA-F]{40}$/;

/**
 * The address with its checksum (EIP-55), or undefined: it is none, its checksum is wrong, or it is
 * the zero address, which owns nothing. Digits of one case only carry no checksum.
 */
export function parseEvmAddress(text: string): string | undefined {
  if (!FORM.test(text)) return undefined;
  const { getAddress, ZeroAddress } = ethers();
  try {
    const address = getAddress(text);
    return address === ZeroAddress ? undefined : address;
  } catch {
    return undefined;
  }
}

import { oneLine } from './one-line.js';

/** Where a mail goes; both parts are safe to stand in a header. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** The addresses people have (RFC 5321 dot-strings): no quotes, comments, routes or lists. */
const ADDRESS =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;

/** Reads an address that somebody else keeps; undefined when no mail may be sent to it. */
export function mailAddress(
  email: string | null | undefined,
  name: string | null | undefined,
): MailAddress | undefined {
  const address = email ?? '';
  const [local = ''] = address.split('@');
  if (address.length > 254 || local.length > 64 || !ADDRESS.test(address)) return undefined;
  // Angle brackets and quotes mean something in a header: a name can do without them.
  return { address, name: oneLine((name ?? '').replace(/[<>"\\]/g, ''), 100) };
}

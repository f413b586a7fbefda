import { isIP } from 'node:net';

const GROUPS = 8;

/**
 * The IP address in what a socket or a proxy tells of a caller, without the port that some write
 * behind it (`192.0.2.1:4711`, `[2001:db8::1]:4711`) and without a zone; null: there is none.
 */
export function ipAddress(seen: string): string | null {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\](?::\d+)?|([^:]*):\d+)$/.exec(seen) ?? [];
  const [address = ''] = (bracketed ?? dotted ?? seen).split('%', 1);
  return isIP(address) === 0 ? null : address;
}

/**
 * What counts as one address: an IPv4 address itself, also where it is mapped into IPv6, and of an
 * IPv6 address its /64, which is the least that a network hands to one customer (RFC 6177). What is
 * given must be an address, without a zone.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  // The standard's own spelling: short, small, an IPv4 address at the end in hexadecimal.
  const groups = groupsOf(new URL(`http://[${address}]`).hostname.slice(1, -1));
  const mapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff';
  if (mapped) return groups.slice(6).flatMap(bytesOf).join('.');
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function groupsOf(address: string): string[] {
  const [head = [], tail = []] = address
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')));
  const left = Array.from({ length: GROUPS - head.length - tail.length }, () => '0');
  return [...head, ...left, ...tail];
}

function bytesOf(group: string): number[] {
  const value = parseInt(group, 16);
  return [value >> 8, value & 0xff];
}

import { createSocket } from 'node:dgram';

/**
 * What a name server says of a name: addresses, that there is no such name, or nothing at all. Among
 * addresses, `silence` means: and nothing about the other sort.
 */
export type Zone = Readonly<Record<string, readonly string[] | 'no such name' | 'silence'>>;

/** A name server of the test's own, over UDP (RFC 1035); silent about what its zone does not have. */
export interface NameServer {
  /** As `address:port`. */
  readonly address: string;
  /** Names that were asked about, once a type of address. */
  readonly asked: readonly string[];
  /** What it says from now on. */
  say(zone: Zone): void;
  close(): Promise<void>;
}

const A = 1;
const AAAA = 28;

export async function startNameServer(initial: Zone = {}): Promise<NameServer> {
  let zone = initial;
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const name = nameOf(query);
    asked.push(name);
    const said = zone[name] ?? 'silence';
    const told = said === 'silence' ? undefined : answer(query, said);
    if (told) socket.send(told, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    say: (next) => {
      zone = next;
    },
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}

const HEADER = 12;

function nameOf(query: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER, size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size));
    at += size + 1;
  }
  return labels.join('.').toLowerCase();
}

function answer(query: Buffer, said: readonly string[] | 'no such name'): Buffer | undefined {
  const end = query.indexOf(0, HEADER) + 5;
  const type = query.readUInt16BE(end - 4);
  const addresses = said === 'no such name' ? [] : said.filter((each) => typeOf(each) === type);
  if (addresses.length === 0 && said.includes('silence')) return undefined;
  const head = Buffer.from(query.subarray(0, end));
  head.writeUInt16BE(said === 'no such name' ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...addresses.map(record)]);
}

const typeOf = (said: string) => (said === 'silence' ? 0 : said.includes(':') ? AAAA : A);

function record(address: string): Buffer {
  const data = address.includes(':')
    ? groupsOf(address)
    : Buffer.from(address.split('.').map(Number));
  const record = Buffer.alloc(12);
  // The name of the question, class IN, one minute.
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(typeOf(address), 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([record, data]);
}

/** An IPv6 address as its sixteen bytes; an embedded IPv4 address as URLs write it, in groups. */
function groupsOf(address: string): Buffer {
  const host = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = host.split('::');
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - (first?.length ?? 0) - (last?.length ?? 0) }, () => '0');
  const groups = [...(first ?? []), ...zeros, ...(last ?? [])];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

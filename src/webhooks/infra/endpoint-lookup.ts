import { type LookupAddress, type LookupOptions, promises } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** For one name server's answer, and for all of them together. */
const SERVER_MS = 1_000;
const LOOKUP_MS = 2_000;

/** A name has no address that anybody would tell in time; the code is the resolver's own. */
export class NameNotResolved extends Error {
  constructor(readonly code: string) {
    super(`no address (${code})`);
    this.name = 'NameNotResolved';
  }
}

type Family = 4 | 6;

/**
 * Looks up what tenants name, over sockets of its own: the system's resolver has the few threads of
 * the process, which one slow name server would hold for everybody, and the hosts file, which knows
 * names of the inside. `nameServers` instead of the system's, as `address:port`. Every address that
 * was found is answered, to be judged by the caller; none within two seconds: `NameNotResolved`.
 */
export function endpointLookup(nameServers?: readonly string[]): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, families(options.family), nameServers).then(
      (found) => {
        const [first] = found;
        if (options.all) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: unknown) => {
        done(error as Error, []);
      },
    );
  };
}

async function resolve(
  hostname: string,
  wanted: readonly Family[],
  nameServers?: readonly string[],
): Promise<[LookupAddress, ...LookupAddress[]]> {
  // One a name: what one server has not answered counts against it with nobody else.
  const resolver = new promises.Resolver({ timeout: SERVER_MS, tries: 1 });
  if (nameServers) resolver.setServers(nameServers);
  const timer = setTimeout(() => {
    resolver.cancel();
  }, LOOKUP_MS);
  try {
    const asked = await Promise.allSettled(wanted.map((family) => ask(resolver, hostname, family)));
    const found = asked.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    const [first, ...others] = found;
    if (first) return [first, ...others];
    throw new NameNotResolved(asked.map(codeOf).find((code) => code !== 'ENODATA') ?? 'ENODATA');
  } finally {
    clearTimeout(timer);
  }
}

async function ask(
  resolver: promises.Resolver,
  hostname: string,
  family: Family,
): Promise<LookupAddress[]> {
  const addresses =
    family === 4 ? await resolver.resolve4(hostname) : await resolver.resolve6(hostname);
  return addresses.map((address) => ({ address, family }));
}

function families(family: LookupOptions['family']): Family[] {
  if (family === 4 || family === 'IPv4') return [4];
  return family === 6 || family === 'IPv6' ? [6] : [4, 6];
}

function codeOf(asked: PromiseSettledResult<unknown>): string {
  const { code } = (asked.status === 'rejected' ? asked.reason : {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'ENODATA';
}

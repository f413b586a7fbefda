import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../kernel/config/index.js';

const MAX_LENGTH = 2_048;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/**
 * Which addresses a tenant may name. Names are judged here, before anything is sent; what they
 * resolve to is judged when the connection is made, because it may change in between.
 */
@Injectable()
export class AddressPolicy {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'env' | 'webhooks'>) {}

  /** What is wrong with a URL, in words that follow its name; undefined when nothing is. */
  objection(url: string): string | undefined {
    if (url.length > MAX_LENGTH) return `must be at most ${MAX_LENGTH} characters long`;
    if (!URL.canParse(url)) return 'must be a URL';
    const { protocol, username, password, hash } = new URL(url);
    if (protocol !== 'https:' && protocol !== 'http:') return 'must be an https:// address';
    if (username || password || /^[^/?#]*\/\/[^/?#]*@/.test(url)) return 'must not hold a user';
    if (hash) return 'must not hold a fragment';
    return this.objectionToHost(new URL(url));
  }

  /** May it be reached whatever its address is? Only where the configuration names it. */
  isTrusted(url: URL): boolean {
    const { allowedHosts, ports } = this.config.webhooks;
    const port = portOf(url);
    return allowedHosts.some(
      ({ host, port: allowed = ports }) =>
        host === url.hostname &&
        (allowed === '*' ||
          (typeof allowed === 'number' ? allowed === port : allowed.includes(port))),
    );
  }

  private objectionToHost(url: URL): string | undefined {
    const { env, webhooks } = this.config;
    const trusted = this.isTrusted(url);
    if (url.protocol === 'http:' && (env === 'production' || !trusted)) {
      return 'must be an https:// address';
    }
    if (trusted) return undefined;
    // A certificate names hosts; an address is wanted by those who look for what is inside.
    if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) return 'must name a host, not an address';
    if (!/[^.]\.[^.]/.test(url.hostname)) return 'must name a host with its domain';
    if (!webhooks.ports.includes(portOf(url))) return 'must have a usual port';
    return undefined;
  }
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port);
}

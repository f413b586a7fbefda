/** What a token tells of its ticket. Nothing of it is about a person. */
export interface TokenFacts {
  readonly name: string;
  readonly eventName: string;
  /** An instant, ISO 8601; null where the catalogue did not know it. */
  readonly startsAt: string | null;
  readonly blockchain: string;
  /** Its sale was undone: it admits nobody. */
  readonly revoked: boolean;
}

export interface Attribute {
  readonly trait_type: string;
  readonly value: string;
}

/** As wallets and marketplaces read it (ERC-721 metadata; Metaplex's token standard). */
export interface TokenMetadata {
  readonly name: string;
  readonly symbol: string;
  readonly description: string;
  /** A data address: the picture needs no other server. */
  readonly image: string;
  readonly attributes: readonly Attribute[];
}

export const TOKEN_SYMBOL = 'TICKET';

export function tokenMetadata(token: TokenFacts): TokenMetadata {
  const { name, eventName, startsAt, revoked } = token;
  const status = revoked ? 'revoked' : 'valid';
  return {
    name,
    symbol: TOKEN_SYMBOL,
    description: `A ticket for ${eventName}${startsAt === null ? '' : ` on ${startsAt.slice(0, 10)}`}.`,
    image: `data:image/svg+xml;base64,${Buffer.from(picture(token)).toString('base64')}`,
    attributes: [
      { trait_type: 'Event', value: eventName },
      ...(startsAt === null ? [] : [{ trait_type: 'Starts at', value: startsAt }]),
      { trait_type: 'Status', value: status },
    ],
  };
}

function picture({ eventName, startsAt, revoked }: TokenFacts): string {
  const day = startsAt === null ? '' : startsAt.slice(0, 10);
  const line = (y: number, size: number, text: string) =>
    `<text x="40" y="${y}" font-size="${size}">${escaped(text)}</text>`;
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 300" font-family="sans-serif"',
    ` fill="#fff"><rect width="600" height="300" rx="24" fill="${revoked ? '#777' : '#233a66'}"/>`,
    line(70, 22, revoked ? 'REVOKED' : 'TICKET'),
    line(
      150,
      36,
      eventName.length > 28 ? `${Array.from(eventName).slice(0, 27).join('')}…` : eventName,
    ),
    line(210, 24, day),
    '</svg>',
  ].join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

import { tokenMetadata, type TokenFacts } from './metadata.js';

const token = (over: Partial<TokenFacts> = {}): TokenFacts => ({
  name: 'Rock Night',
  eventName: 'Rock Night',
  startsAt: '2026-11-21T20:00:00.000Z',
  blockchain: 'polygon',
  revoked: false,
  ...over,
});
const picture = (facts: TokenFacts) =>
  Buffer.from(tokenMetadata(facts).image.split(',')[1] ?? '', 'base64').toString();

describe('the metadata of a token', () => {
  it('are what wallets read', () => {
    expect(tokenMetadata(token())).toMatchObject({
      name: 'Rock Night',
      symbol: 'TICKET',
      description: 'A ticket for Rock Night on 2026-11-21.',
      attributes: [
        { trait_type: 'Event', value: 'Rock Night' },
        { trait_type: 'Starts at', value: '2026-11-21T20:00:00.000Z' },
        { trait_type: 'Status', value: 'valid' },
      ],
    });
  });

  it('say that a ticket admits nobody any more', () => {
    const { attributes } = tokenMetadata(token({ revoked: true }));
    expect(attributes).toContainEqual({ trait_type: 'Status', value: 'revoked' });
    expect(picture(token({ revoked: true }))).toContain('REVOKED');
  });

  it('leave out a day that nobody knows', () => {
    expect(tokenMetadata(token({ startsAt: null })).description).toBe('A ticket for Rock Night.');
  });

  it('draw no markup of an event’s name', () => {
    const drawn = picture(token({ eventName: `<script>alert("'&")</script>` }));
    expect(drawn).not.toContain('<script');
    expect(drawn).toContain('&lt;script&gt;alert(&quot;&apos;&amp;&quot;)');
  });
});

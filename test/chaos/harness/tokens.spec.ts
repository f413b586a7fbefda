import { type SoldTicket, wrongTokens } from './tokens.js';

const custody = { polygon: 'custody-p', solana: 'custody-s' };
const tokenIdOf = (chain: 'polygon' | 'solana', id: string) => `${chain} ${id}`;
const terms = new Map([
  ['burns', { blockchain: 'polygon', tokenRevocation: 'burn' }],
  ['takes', { blockchain: 'polygon', tokenRevocation: 'claw_back' }],
  ['keeps', { blockchain: 'polygon', tokenRevocation: 'keep' }],
] as const);

const ticket: SoldTicket = {
  id: 't',
  eventId: 'burns',
  status: 'sold',
  lost: false,
  blockchain: 'polygon',
  wallet: null,
};

type Token = { readonly made: number; readonly owner: string | null };

function wrong(over: Partial<SoldTicket>, token?: Token, elsewhere?: Token): string[] {
  const tokens = {
    polygon: new Map(token ? [['polygon t', token]] : []),
    solana: new Map(elsewhere ? [['solana t', elsewhere]] : []),
  };
  return wrongTokens([{ ...ticket, ...over }], tokens, { custody, tokenIdOf }, terms);
}

const one = (owner: string | null): Token => ({ made: 1, owner });

describe('what the chains show', () => {
  it.each([
    ['paid', {}, one('custody-p')],
    ['a wallet’s', { wallet: 'w' }, one('w')],
    ['won back', { status: 'refunding' }, one('custody-p')],
    ['never paid', { status: 'released' }, undefined],
    ['burned', { status: 'refunded' }, one(null)],
    ['undone before it was minted', { status: 'refunded' }, undefined],
    ['clawed back', { lost: true, eventId: 'takes', wallet: 'w' }, one('custody-p')],
    ['kept', { lost: true, eventId: 'keeps', wallet: 'w' }, one('w')],
  ] as const)('is right of a ticket that is %s', (_, over, token) => {
    expect(wrong(over, token)).toEqual([]);
  });

  it.each([
    ['paid and has no token', {}, undefined],
    ['has 2 tokens', {}, { made: 2, owner: 'custody-p' }],
    ['is null’s', {}, one(null)],
    ['is custody-p’s, not w’s', { wallet: 'w' }, one('custody-p')],
    ['was never paid and has a token', { status: 'released' }, one('custody-p')],
    ['was undone (burn) and is custody-p’s', { status: 'refunded' }, one('custody-p')],
    ['was undone (claw_back) and is w’s', { lost: true, eventId: 'takes', wallet: 'w' }, one('w')],
    ['was undone (keep) and is null’s', { lost: true, eventId: 'keeps' }, one(null)],
  ] as const)('is found where a ticket %s', (found, over, token) => {
    const [violation = ''] = wrong(over, token);
    expect(violation.replaceAll("'", '’')).toContain(found);
  });

  it('is found where a token is on another chain, or nobody’s ticket', () => {
    expect(wrong({}, one('custody-p'), one('custody-s'))).toEqual([
      'I9 on solana the ticket t (sold) has a token on another chain than its own',
    ]);
    const tokens = { polygon: new Map([['x', one('w')]]), solana: new Map() };
    expect(wrongTokens([], tokens, { custody, tokenIdOf }, terms)).toEqual([
      'I9 on polygon nobody bought x',
    ]);
  });
});

import { type BlockchainOffer, chooseBlockchain, usualBlockchain } from './choose-blockchain.js';

const BOTH: BlockchainOffer = { configured: ['polygon', 'solana'], recommended: 'solana' };
const SILENT: BlockchainOffer = { ...BOTH, recommended: null };
const POLYGON: BlockchainOffer = { configured: ['polygon'], recommended: 'polygon' };
const NONE: BlockchainOffer = { configured: [], recommended: null };

const wish = (over: Partial<Parameters<typeof usualBlockchain>[0]> = {}) =>
  ({ setting: 'auto', quoted: null, ...over }) as const;
const wallet = (blockchain: 'polygon' | 'solana') => ({ blockchain, address: 'any' });

describe('the chain of a sale', () => {
  it('is the one of the settings, whatever is recommended', () => {
    expect(usualBlockchain(wish({ setting: 'polygon', quoted: 'solana' }), BOTH)).toBe('polygon');
  });

  it('is none where the settings name a chain that is not configured', () => {
    expect(usualBlockchain(wish({ setting: 'solana' }), POLYGON)).toBeNull();
  });

  it('is the one that was recommended at the quote, as long as it is configured', () => {
    expect(usualBlockchain(wish({ quoted: 'polygon' }), BOTH)).toBe('polygon');
    expect(usualBlockchain(wish({ quoted: 'solana' }), POLYGON)).toBe('polygon');
  });

  it('is the one recommended now without a quote, and the first while no chain answers', () => {
    expect(usualBlockchain(wish(), BOTH)).toBe('solana');
    expect(usualBlockchain(wish(), SILENT)).toBe('polygon');
  });

  it('is none where none is configured', () => {
    for (const setting of ['auto', 'polygon', 'solana'] as const) {
      expect(usualBlockchain(wish({ setting, quoted: 'polygon' }), NONE)).toBeNull();
    }
  });
});

describe('a wallet of the buyer', () => {
  it('decides, where the settings leave it open', () => {
    expect(chooseBlockchain(wallet('polygon'), wish({ quoted: 'solana' }), BOTH)).toBe('polygon');
    expect(chooseBlockchain(wallet('solana'), wish(), SILENT)).toBe('solana');
    expect(chooseBlockchain(null, wish(), BOTH)).toBe('solana');
  });

  it.each([
    ['the event’s', wish({ setting: 'polygon' }), BOTH, 'must be polygon'],
    ['configured', wish(), POLYGON, 'must be polygon'],
  ] as const)('on a chain that is not %s is refused', (_, wanted, offer, message) => {
    expect(chooseBlockchain(wallet('solana'), wanted, offer)).toMatchObject({
      refused: 'VALIDATION_ERROR',
      errors: [{ field: 'recipient.blockchain', message: expect.stringContaining(message) }],
    });
  });

  it('is taken without a word where nothing is minted at all', () => {
    expect(chooseBlockchain(wallet('solana'), wish({ setting: 'polygon' }), NONE)).toBeNull();
  });
});

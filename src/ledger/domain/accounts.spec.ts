import { account } from './accounts.js';

describe('the chart of accounts', () => {
  it.each([
    [account.providerClearing('stripe'), 'provider:stripe:clearing'],
    [account.venue('v1', 'pending'), 'venue:v1:pending'],
    [account.venue('v1', 'available'), 'venue:v1:available'],
    [account.venue('v1', 'reserved'), 'venue:v1:reserved'],
    [account.venue('v1', 'debt'), 'venue:v1:debt'],
    [account.platformFees, 'platform:fees'],
    [account.processingCost, 'platform:processing-cost'],
    [account.processingRecovered, 'platform:processing-recovered'],
    [account.gasReserve, 'gas:reserve'],
    [account.tax('US-TN', 'state'), 'tax:US-TN:state'],
    [account.chainWallet('polygon'), 'chain:polygon:wallet'],
    [account.chainSpent('solana'), 'chain:solana:spent'],
  ])('%s is written %s in the book, for ever', (name, written) => {
    expect(name).toBe(written);
  });

  it('has one name for each venue and bucket, jurisdiction and kind', () => {
    const names = [
      account.venue('v1', 'pending'),
      account.venue('v2', 'pending'),
      account.venue('v1', 'available'),
      account.tax('US-TN', 'state'),
      account.tax('US-TN', 'local'),
      account.tax('US-NY', 'state'),
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});

import { MINT_STATUSES, type MintStatus } from './mint.js';
import { progressOf, statusName } from './mint-progress.js';

describe('the progress of a payment’s tokens', () => {
  it.each<[MintStatus[], string, number]>([
    [['queued', 'queued'], 'queued', 0],
    [['minted', 'minting'], 'minting', 50],
    [['minted', 'minted', 'queued'], 'queued', 66],
    [['minted', 'minted'], 'completed', 100],
    [['minted', 'failed'], 'failed', 50],
    [['minted', 'revoked'], 'completed', 100],
    [['revoked', 'cancelled'], 'revoked', 100],
    [['minted', 'revocation_failed'], 'revoking', 50],
    [['cancelled'], 'cancelled', 100],
  ])('of %j is %s, %i percent', (statuses, status, progress) => {
    expect(progressOf(statuses)).toEqual({ status, progress });
  });

  it.each(MINT_STATUSES)('can be told of a token that is %s', (status) => {
    expect(progressOf([status]).status).toBe(statusName(status));
  });
});

import { freePrice, sale } from '../../../test/builders/sale.js';
import { screened } from './screened.js';

const nothing = { admission: null, skippedLimits: [] } as const;

describe('a sale after the check of its buyer', () => {
  it('is as it was where nothing was found', () => {
    const drawn = sale();
    expect(screened(drawn, { ...nothing, screening: 'approve' })).toEqual(drawn);
  });

  it('keeps the access it used and the limits that could not be applied', () => {
    const admission = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b77';
    const skippedLimits = ['address'] as const;
    expect(screened(sale(), { screening: 'approve', admission, skippedLimits })).toMatchObject({
      admission,
      skippedLimits,
    });
  });

  it('demands the buyer’s proof, or only holds the money', () => {
    expect(screened(sale(), { ...nothing, screening: 'challenge' }).charge).toMatchObject({
      screening: 'challenge',
      capture: 'automatic',
    });
    expect(screened(sale(), { ...nothing, screening: 'review' }).charge).toMatchObject({
      screening: 'review',
      capture: 'manual',
    });
  });

  it('of nothing to pay has nothing to prove or to hold', () => {
    const free = sale({ price: freePrice() });
    expect(screened(free, { ...nothing, screening: 'review' })).toEqual(free);
  });

  it('does not begin where the check refused it', () => {
    expect(() => screened(sale(), { ...nothing, screening: 'decline' })).toThrow('declined');
  });
});

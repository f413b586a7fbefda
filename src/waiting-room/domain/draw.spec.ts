import fc from 'fast-check';
import { commitmentTo, drawnOrder } from './draw.js';

const seed = (byte: number) => Buffer.alloc(32, byte);
const ids = fc.uniqueArray(fc.uuid(), { maxLength: 40 });

describe('the commitment', () => {
  it('is the SHA-256 of the seed, in hex', () => {
    expect(commitmentTo(seed(0))).toBe(
      '66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925',
    );
  });

  it('of another seed is another', () => {
    expect(commitmentTo(seed(1))).not.toBe(commitmentTo(seed(2)));
  });
});

describe('the draw', () => {
  it('orders by HMAC-SHA256 under the seed', () => {
    const place = (n: number) => `01945a3c-2b7e-7c11-9a44-5d1f0c6a7b2${n}`;
    // The lots of 1, 2 and 3 begin with c1b3e9, e630cc and 8eb7dd.
    expect(drawnOrder(seed(1), [1, 2, 3].map(place))).toEqual([3, 1, 2].map(place));
  });

  it('loses nobody and adds nobody', () => {
    fc.assert(
      fc.property(ids, (places) => {
        expect(drawnOrder(seed(7), places).sort()).toEqual([...places].sort());
      }),
    );
  });

  it('does not depend on the order of arrival', () => {
    fc.assert(
      fc.property(ids, fc.integer(), (places, turn) => {
        const cut = places.length > 0 ? Math.abs(turn) % places.length : 0;
        const turned = [...places.slice(cut), ...places.slice(0, cut)];
        expect(drawnOrder(seed(7), turned)).toEqual(drawnOrder(seed(7), places));
      }),
    );
  });

  it('gives everybody the same chance: nobody is first under more seeds than chance explains', () => {
    const places = Array.from({ length: 4 }, (_, n) => `01945a3c-2b7e-7c11-9a44-5d1f0c6a7b2${n}`);
    const wins = new Map<string, number>();
    for (let n = 0; n < 4_000; n++) {
      const [first = ''] = drawnOrder(Buffer.from(n.toString(16).padStart(64, '0'), 'hex'), places);
      wins.set(first, (wins.get(first) ?? 0) + 1);
    }
    // Five standard deviations (27) around 1,000; the seeds are fixed, so the figures are too.
    for (const place of places) expect(Math.abs((wins.get(place) ?? 0) - 1_000)).toBeLessThan(137);
  });
});

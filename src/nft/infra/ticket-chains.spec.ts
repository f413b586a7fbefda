import type { TicketChain } from './ticket-chain.js';
import { TicketChains } from './ticket-chains.js';

const chain = { name: 'polygon' } as TicketChain;

describe('the chains of a process', () => {
  it('are those that are configured; it mints where it has what signs', () => {
    const load = () => Promise.resolve(chain);
    const chains = new TicketChains(
      new Map([
        ['polygon', { signs: false, load }],
        ['solana', { signs: true, load }],
      ] as const),
    );
    expect(chains.names).toEqual(['polygon', 'solana']);
    expect(chains.signing).toEqual(['solana']);
    expect(chains.configured).toBe(true);
    expect(new TicketChains(new Map()).configured).toBe(false);
  });

  it('are made at their first use, once', async () => {
    const load = jest.fn(() => Promise.resolve(chain));
    const chains = new TicketChains(new Map([['polygon', { signs: true, load }]] as const));
    expect(load).not.toHaveBeenCalled();
    expect(await Promise.all([chains.of('polygon'), chains.of('polygon')])).toEqual([chain, chain]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('are made anew when that has failed', async () => {
    const load = jest.fn(() => Promise.resolve(chain));
    load.mockRejectedValueOnce(new Error('no such package'));
    const chains = new TicketChains(new Map([['polygon', { signs: true, load }]] as const));
    await expect(chains.of('polygon')).rejects.toThrow('no such package');
    expect(await chains.of('polygon')).toBe(chain);
  });

  it('are none that nobody configured', async () => {
    expect(await new TicketChains(new Map()).of('solana')).toBeNull();
  });
});

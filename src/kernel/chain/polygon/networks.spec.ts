import { EVM_NETWORKS, evmNetwork } from './networks.js';

it('knows Polygon, Amoy and a local chain', () => {
  expect(EVM_NETWORKS.map(({ chainId, name }) => [chainId, name])).toEqual([
    [137, 'polygon'],
    [80_002, 'polygon-amoy'],
    [31_337, 'anvil'],
  ]);
  expect(evmNetwork(80_002).name).toBe('polygon-amoy');
});

it.each([80_001, 1, 0])('refuses chain %p', (chainId) => {
  expect(() => evmNetwork(chainId)).toThrow(`chain ${chainId} is none of 137, 80002, 31337`);
});

import type { ChainName } from '../../kernel/chain/chain-names.js';
import { startChains } from './index.js';
import type { LocalChainKind } from './local-chain.js';

const OPTIONS = {
  folders: { polygon: '/p', solana: '/s' },
  keyFiles: { polygon: '/p.json', solana: '/s.json' },
  ports: { polygon: 1, solana: 2 },
  passphrase: 'correct horse battery staple',
};

interface FakeKind extends LocalChainKind {
  closed: number;
}

function kind(name: ChainName, over: Partial<LocalChainKind> = {}): FakeKind {
  const fake: FakeKind = {
    name,
    closed: 0,
    missing: () => undefined,
    start: ({ keyFile, port }) =>
      Promise.resolve({
        name,
        facts: { rpcUrl: `http://127.0.0.1:${port}`, network: 'local', custody: 'us' },
        env: { [`${name.toUpperCase()}_KEY_FILE`]: keyFile },
        close: () => {
          fake.closed += 1;
          return Promise.resolve();
        },
      }),
    ...over,
  };
  return fake;
}

it('gives an application what it uses both chains by, and ends both', async () => {
  const kinds = [kind('polygon'), kind('solana')] as const;
  const chains = await startChains(OPTIONS, kinds);
  expect(chains.env).toEqual({
    POLYGON_KEY_FILE: '/p.json',
    SOLANA_KEY_FILE: '/s.json',
    CHAIN_KEY_PASSPHRASE: OPTIONS.passphrase,
  });
  expect(chains.description).toMatchObject({
    polygon: { rpcUrl: 'http://127.0.0.1:1' },
    solana: { rpcUrl: 'http://127.0.0.1:2' },
    missing: [],
  });
  await chains.close();
  expect(kinds.map(({ closed }) => closed)).toEqual([1, 1]);
});

it('does without a chain that is not installed, and says so', async () => {
  const away = kind('polygon', { missing: () => 'There is no local Polygon here.' });
  const chains = await startChains(OPTIONS, [away, kind('solana')]);
  expect(Object.keys(chains.env)).toEqual(['SOLANA_KEY_FILE', 'CHAIN_KEY_PASSPHRASE']);
  expect(chains.description.polygon).toBeUndefined();
  expect(chains.description.missing).toEqual(['There is no local Polygon here.']);
});

it('asks for no passphrase where there is no chain at all', async () => {
  const away = { missing: () => 'none' };
  const { env } = await startChains(OPTIONS, [kind('polygon', away), kind('solana', away)]);
  expect(env).toEqual({});
});

it('fails whole: a chain that started is ended when the other one cannot', async () => {
  const solana = kind('solana');
  const broken = kind('polygon', { start: () => Promise.reject(new Error('no room')) });
  await expect(startChains(OPTIONS, [broken, solana])).rejects.toThrow('no room');
  expect(solana.closed).toBe(1);
});

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ethers } from '../../src/kernel/chain/polygon/index.js';
import { toBase58 } from '../../src/kernel/chain/solana/base58.js';
import { CLAIM_TYPES, claimDomain } from '../../src/nft/infra/polygon/claim.js';
import { type ChainName, claimText } from '../../src/nft/infra/ticket-chain.js';
import { type TestChains, startChains } from '../support/chains.js';
import type { Reply } from '../support/client.js';
import { eventually } from '../support/shop.js';
import { type Bought, NftWorld, soon } from './nft-world.js';

jest.setTimeout(180_000);

let chains: TestChains;
let world: NftWorld;

beforeAll(async () => {
  chains = await startChains();
  world = await NftWorld.open(chains.env);
});
afterAll(async () => {
  await world.close();
  await chains.close();
});

/** What a wallet signs. */
interface Signed {
  readonly ticketId: string;
  readonly wallet: string;
  readonly expiresAt: number;
}

/** What says where a signature holds; absent: this platform. */
interface Elsewhere {
  readonly chainId?: number;
  readonly contract?: string;
  readonly network?: string;
  readonly type?: string;
}

interface Wallet {
  readonly address: string;
  sign(claim: Signed, elsewhere?: Elsewhere): Promise<string>;
}

function newPolygonWallet(): Wallet {
  const wallet = ethers().Wallet.createRandom();
  const { chainId: ownId, contract: own } = chains.polygon;
  return {
    address: wallet.address,
    sign: (claim, { chainId = ownId, contract = own, type = 'Claim' } = {}) =>
      wallet.signTypedData(claimDomain(chainId, contract), { [type]: CLAIM_TYPES.Claim }, claim),
  };
}

function newSolanaWallet(): Wallet {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    address: addressOf(publicKey),
    sign: (claim, { network = 'solana-localnet' } = {}) =>
      Promise.resolve(toBase58(sign(null, Buffer.from(claimText(claim, network)), privateKey))),
  };
}

function addressOf(key: KeyObject): string {
  return toBase58(Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'));
}

const NEW_WALLET = { polygon: newPolygonWallet, solana: newSolanaWallet };

/** A ticket whose token the platform keeps, and a wallet that wants it. */
interface Scene {
  readonly bought: Bought;
  readonly ticketId: string;
  readonly wallet: Wallet;
}

async function sceneOn(blockchain: ChainName): Promise<Scene> {
  const bought = await world.buy(await world.eventOn(blockchain), 2);
  await world.until(bought, 'completed');
  return { bought, ticketId: bought.tickets[0] ?? '', wallet: NEW_WALLET[blockchain]() };
}

const claim = ({ buyer }: Bought, ticketId: string, body: object): Promise<Reply> =>
  buyer.post(`/api/v1/nft/tickets/${ticketId}/claim`, body);

/** A claim as it should be, unless told what is different in it, or in what is signed. */
async function claimOf(
  { ticketId, wallet }: Scene,
  signed: Partial<Signed> = {},
  elsewhere: Elsewhere = {},
  signer = wallet,
) {
  const right = { ticketId, wallet: wallet.address, expiresAt: soon() };
  const signature = await signer.sign({ ...right, ...signed }, elsewhere);
  return { wallet: wallet.address, expiresAt: signed.expiresAt ?? right.expiresAt, signature };
}

type Forgery = (scene: Scene, blockchain: ChainName) => Promise<object>;

const FORGERIES: Readonly<Record<string, Forgery>> = {
  'another ticket of the same buyer': (scene) =>
    claimOf(scene, { ticketId: scene.bought.tickets[1] ?? '' }),
  'another wallet': (scene, blockchain) =>
    claimOf(scene, { wallet: NEW_WALLET[blockchain]().address }),
  'nobody whom the wallet belongs to': (scene, blockchain) =>
    claimOf(scene, {}, {}, NEW_WALLET[blockchain]()),
  'a shorter time': async (scene) => {
    const body = await claimOf(scene);
    return { ...body, expiresAt: body.expiresAt + 1 };
  },
};

const ELSEWHERE: Readonly<Record<ChainName, Readonly<Record<string, Elsewhere>>>> = {
  polygon: {
    'another chain id': { chainId: 137 },
    'another contract': { contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' },
    'another purpose': { type: 'Sale' },
  },
  solana: {
    'the cluster of real money': { network: 'solana-mainnet' },
    'the cluster of tests': { network: 'solana-devnet' },
  },
};

describe.each(['polygon', 'solana'] as const)('a token on %s', (blockchain) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await sceneOn(blockchain);
  });

  async function expectNothingStored(): Promise<void> {
    const { ticketId } = scene;
    const { status, claimant, recipient } = await world.mint(ticketId);
    expect([status, claimant, recipient]).toEqual(['minted', null, null]);
    expect(await world.jobsOf(ticketId, 'transfer')).toEqual([]);
    expect(await world.audited('ticket.claimed', ticketId)).toEqual([]);
  }

  const refused: [string, Forgery][] = [
    ...Object.entries(FORGERIES),
    ...Object.entries(ELSEWHERE[blockchain]).map(([what, elsewhere]): [string, Forgery] => [
      what,
      (given) => claimOf(given, {}, elsewhere),
    ]),
  ];

  it.each(refused)('is not claimed with a signature for %s', async (_, forge) => {
    const { status, body } = await claim(
      scene.bought,
      scene.ticketId,
      await forge(scene, blockchain),
    );
    expect([status, body.code]).toEqual([400, 'INVALID_SIGNATURE']);
    await expectNothingStored();
  });

  it.each([
    ['has expired', -1],
    ['is valid for longer than an hour', 3_600 + 120],
  ])('is not claimed with what %s, though the wallet signed it', async (_, seconds) => {
    const expiresAt = Math.floor(Date.now() / 1_000) + seconds;
    const { status, body } = await claim(
      scene.bought,
      scene.ticketId,
      await claimOf(scene, { expiresAt }),
    );
    expect([status, body.code]).toEqual([422, 'VALIDATION_ERROR']);
    expect(body.errors).toMatchObject([{ field: 'expiresAt' }]);
    await expectNothingStored();
  });

  it('is not claimed by whoever else has the wallet’s signature', async () => {
    const stranger = await world.shop.buyer(world.running.url);
    const body = await claimOf(scene);
    const answer = await claim({ ...scene.bought, buyer: stranger }, scene.ticketId, body);
    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    await expectNothingStored();
  });

  it('is claimed with the wallet’s own signature, however the ticket’s id is written', async () => {
    const { bought, ticketId, wallet } = scene;
    const expiresAt = Math.floor(Date.now() / 1_000) + 3_500;
    const answer = await claim(bought, ticketId.toUpperCase(), await claimOf(scene, { expiresAt }));
    expect([answer.status, answer.body.pendingWallet]).toEqual([200, wallet.address]);
    await eventually(async () => {
      await world.hurry();
      return (await chains.tokenOf(blockchain, ticketId)).owner === wallet.address;
    }, 'the transfer');
    await world.untilMint(ticketId, { claimant: null, recipient: wallet.address });
    expect(await chains.tokenOf(blockchain, ticketId)).toEqual({ made: 1, owner: wallet.address });
    const other = bought.tickets[1] ?? '';
    expect((await chains.tokenOf(blockchain, other)).owner).toBe(chains.custody[blockchain]);
  });
});

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ethers } from '../../src/kernel/chain/polygon/index.js';
import { PolygonDesk } from './support/polygon-desk.js';
import { TicketNftDesk } from './support/ticket-nft-desk.js';

const ZERO = '0x'.padEnd(42, '0');
const REFUSES = '5f5ffd';

/** Lets pass what is asked for by one address alone. */
const onlyFor = (operator: string) =>
  `60043573${operator.slice(2).toLowerCase()}14601f575f5ffd5b00`;

let polygon: PolygonDesk;
let desk: TicketNftDesk;

beforeAll(async () => {
  polygon = await PolygonDesk.open();
});

afterAll(() => polygon.close());

beforeEach(async () => {
  desk = await TicketNftDesk.open(polygon.sandbox);
});

const mint = (tokenId: number, to = desk.alice.address, uris: readonly string[] = []) =>
  desk.write(desk.operator, 'mintBatch', [to], [tokenId], uris);
const ownerOf = (tokenId: number) => desk.read('ownerOf', tokenId);
const roleOf = (name: string) => desk.read(`${name}_ROLE`);

it('is what its source compiles to', async () => {
  const script = path.join(process.cwd(), 'scripts', 'compile-contract.mjs');
  const { stderr } = await promisify(execFile)(process.execPath, [script, '--check']);
  expect(stderr).toBe('');
});

describe('minting', () => {
  it('gives each owner a token, with the URI it was given or the one that follows', async () => {
    const owners = [desk.alice.address, desk.bob.address, desk.alice.address];
    await desk.write(desk.operator, 'mintBatch', owners, [1, 2, 3], ['', 'ipfs://two', '']);
    expect(await Promise.all([1, 2, 3].map(ownerOf))).toEqual(owners);
    expect(await desk.read('tokenURI', 1)).toBe('https://tokens.example/1');
    expect(await desk.read('tokenURI', 2)).toBe('ipfs://two');
    expect(await desk.read('balanceOf', desk.alice.address)).toBe(2n);
  });

  it('leaves who has a token alone, and mints the others', async () => {
    await mint(1);
    const { address: bob } = desk.bob;
    const receipt = await desk.write(desk.operator, 'mintBatch', [bob, bob], [1, 2], ['x', '']);
    expect(desk.events(receipt)).toEqual(['MintSkipped', 'Transfer']);
    expect(await ownerOf(1)).toBe(desk.alice.address);
    expect(await ownerOf(2)).toBe(bob);
    expect(await desk.read('tokenURI', 1)).toBe('https://tokens.example/1');
  });

  it('makes one token of an id that comes twice in a batch', async () => {
    const owners = [desk.alice.address, desk.bob.address];
    await desk.write(desk.operator, 'mintBatch', owners, [7, 7], []);
    expect(await ownerOf(7)).toBe(desk.alice.address);
    expect(await desk.read('balanceOf', desk.bob.address)).toBe(0n);
  });

  it('is not stopped by an owner who cannot have tokens', async () => {
    // The contract itself receives nothing that is sent safely.
    const owners = [ZERO, desk.address, desk.bob.address];
    const receipt = await desk.write(desk.operator, 'mintBatch', owners, [1, 2, 3], []);
    expect(desk.events(receipt)).toEqual(['MintSkipped', 'Transfer', 'Transfer']);
    expect(await desk.read('minted', 1)).toBe(false);
    expect(await ownerOf(2)).toBe(desk.address);
    expect(await ownerOf(3)).toBe(desk.bob.address);
  });

  it('refuses lists of different lengths', async () => {
    const { address } = desk.alice;
    const refusal = (...args: readonly unknown[]) =>
      desk.refusal(desk.operator, 'mintBatch', ...args);
    expect(await refusal([address], [1, 2], [])).toBe('LengthsDiffer');
    expect(await refusal([address, address], [1], [])).toBe('LengthsDiffer');
    expect(await refusal([address, address], [1, 2], [''])).toBe('LengthsDiffer');
  });

  it('is for minters alone', async () => {
    for (const who of [desk.admin, desk.alice]) {
      const refusal = await desk.refusal(who, 'mintBatch', [who.address], [1], []);
      expect(refusal).toBe('AccessControlUnauthorizedAccount');
    }
  });
});

describe('burning', () => {
  it('ends a token for good', async () => {
    await mint(1, desk.alice.address, ['ipfs://one']);
    await desk.write(desk.operator, 'burn', 1);
    expect(await desk.read('holdersOf', [1, 2])).toEqual([
      [ZERO, ZERO],
      [true, false],
    ]);
    expect(desk.events(await mint(1))).toEqual(['MintSkipped']);
    expect(await desk.refusal(desk.alice, 'tokenURI', 1)).toBe('ERC721NonexistentToken');
    expect(await desk.read('balanceOf', desk.alice.address)).toBe(0n);
  });

  it('changes nothing the second time', async () => {
    await mint(1);
    await desk.write(desk.operator, 'burn', 1);
    expect(desk.events(await desk.write(desk.operator, 'burn', 1))).toEqual([]);
  });

  it('comes before a mint that is late', async () => {
    await desk.write(desk.operator, 'burn', 5);
    expect(desk.events(await mint(5))).toEqual(['MintSkipped']);
  });

  it('is for revokers alone, holders included', async () => {
    await mint(1);
    for (const who of [desk.admin, desk.alice]) {
      expect(await desk.refusal(who, 'burn', 1)).toBe('AccessControlUnauthorizedAccount');
    }
  });
});

describe('clawing back', () => {
  it('takes a token whatever the policy, also while all stands still', async () => {
    await mint(1);
    await desk.write(desk.alice, 'approve', desk.bob.address, 1);
    await desk.write(desk.admin, 'setTransferPolicy', await desk.deploy(REFUSES));
    await desk.write(desk.admin, 'pause');
    const receipt = await desk.write(desk.operator, 'clawBack', 1, desk.operator.address);
    expect(desk.events(receipt)).toEqual(['Transfer', 'ClawedBack']);
    expect(await ownerOf(1)).toBe(desk.operator.address);
    expect(await desk.read('getApproved', 1)).toBe(ZERO);
  });

  it('changes nothing when it is there already', async () => {
    await mint(1);
    const receipt = await desk.write(desk.operator, 'clawBack', 1, desk.alice.address);
    expect(desk.events(receipt)).toEqual([]);
  });

  it('refuses what is not, nobody, and others', async () => {
    const { address } = desk.bob;
    expect(await desk.refusal(desk.operator, 'clawBack', 9, address)).toBe(
      'ERC721NonexistentToken',
    );
    await mint(1);
    expect(await desk.refusal(desk.operator, 'clawBack', 1, ZERO)).toBe('ERC721InvalidReceiver');
    const refusal = await desk.refusal(desk.bob, 'clawBack', 1, address);
    expect(refusal).toBe('AccessControlUnauthorizedAccount');
  });
});

describe('standing still', () => {
  it('stops mints and transfers, not burns, until it ends', async () => {
    await mint(1);
    await desk.write(desk.admin, 'pause');
    const { alice, bob, operator } = desk;
    const mintTwo = ['mintBatch', [alice.address], [2], []] as const;
    const give = ['transferFrom', alice.address, bob.address, 1] as const;
    expect(await desk.refusal(operator, ...mintTwo)).toBe('EnforcedPause');
    expect(await desk.refusal(alice, ...give)).toBe('EnforcedPause');
    await desk.write(operator, 'burn', 3);
    await desk.write(desk.admin, 'unpause');
    await desk.write(operator, ...mintTwo);
    await desk.write(alice, ...give);
    expect(await ownerOf(1)).toBe(bob.address);
  });

  it('is for pausers alone', async () => {
    expect(await desk.refusal(desk.operator, 'pause')).toBe('AccessControlUnauthorizedAccount');
  });
});

describe('the transfer policy', () => {
  it('is asked who asks, and decides', async () => {
    await mint(1);
    const { alice, bob, operator } = desk;
    await desk.write(desk.admin, 'setTransferPolicy', await desk.deploy(onlyFor(bob.address)));
    const give = ['transferFrom', alice.address, operator.address, 1] as const;
    await expect(desk.refusal(alice, ...give)).resolves.toMatch(/revert/);
    await desk.write(alice, 'approve', bob.address, 1);
    await desk.write(bob, ...give);
    expect(await ownerOf(1)).toBe(operator.address);
  });

  it('is not asked for mints and burns', async () => {
    await desk.write(desk.admin, 'setTransferPolicy', await desk.deploy(REFUSES));
    await mint(1);
    await desk.write(desk.operator, 'burn', 1);
    expect(await desk.read('burned', 1)).toBe(true);
  });

  it('lets everything pass when there is none any more', async () => {
    await mint(1);
    await desk.write(desk.admin, 'setTransferPolicy', await desk.deploy(REFUSES));
    await desk.write(desk.admin, 'setTransferPolicy', ZERO);
    await desk.write(desk.alice, 'transferFrom', desk.alice.address, desk.bob.address, 1);
    expect(await ownerOf(1)).toBe(desk.bob.address);
  });

  it('does not replace the right to a token', async () => {
    await mint(1);
    const { alice, bob } = desk;
    await desk.write(desk.admin, 'setTransferPolicy', await desk.deploy(onlyFor(bob.address)));
    const refusal = await desk.refusal(bob, 'transferFrom', alice.address, bob.address, 1);
    expect(refusal).toBe('ERC721InsufficientApproval');
  });

  it('is set by the admin alone', async () => {
    const refusal = await desk.refusal(desk.operator, 'setTransferPolicy', ZERO);
    expect(refusal).toBe('AccessControlUnauthorizedAccount');
  });
});

describe('its admin', () => {
  it('gives roles and takes them', async () => {
    const { admin, alice, operator } = desk;
    const minter = await roleOf('MINTER');
    await desk.write(admin, 'grantRole', minter, alice.address);
    await desk.write(alice, 'mintBatch', [alice.address], [1], []);
    await desk.write(admin, 'revokeRole', minter, operator.address);
    const refusal = await desk.refusal(operator, 'mintBatch', [alice.address], [2], []);
    expect(refusal).toBe('AccessControlUnauthorizedAccount');
    expect(await desk.refusal(operator, 'grantRole', minter, operator.address)).toBe(
      'AccessControlUnauthorizedAccount',
    );
  });

  it('moves the metadata of tokens that have no URI of their own', async () => {
    await desk.write(desk.operator, 'mintBatch', [desk.alice, desk.bob], [1, 2], ['', 'ipfs://2']);
    const receipt = await desk.write(desk.admin, 'setBaseURI', 'https://elsewhere.example/');
    expect(desk.events(receipt)).toEqual(['BatchMetadataUpdate']);
    expect(await desk.read('tokenURI', 1)).toBe('https://elsewhere.example/1');
    expect(await desk.read('tokenURI', 2)).toBe('ipfs://2');
    const refusal = await desk.refusal(desk.operator, 'setBaseURI', '');
    expect(refusal).toBe('AccessControlUnauthorizedAccount');
  });

  it('sets royalties, for all and for one', async () => {
    const { admin, alice, bob, operator } = desk;
    expect(await desk.read('royaltyInfo', 1, 10_000)).toEqual([admin.address, 750n]);
    await desk.write(admin, 'setTokenRoyalty', 1, bob.address, 1_000);
    await desk.write(admin, 'setDefaultRoyalty', alice.address, 500);
    expect(await desk.read('royaltyInfo', 1, 10_000)).toEqual([bob.address, 1_000n]);
    expect(await desk.read('royaltyInfo', 2, 10_000)).toEqual([alice.address, 500n]);
    const refusals = [
      await desk.refusal(operator, 'setTokenRoyalty', 1, bob.address, 0),
      await desk.refusal(operator, 'setDefaultRoyalty', bob.address, 0),
    ];
    expect(new Set(refusals)).toEqual(new Set(['AccessControlUnauthorizedAccount']));
  });
});

it('says what it is', async () => {
  const interfaces = {
    ERC165: '0x01ffc9a7',
    ERC721: '0x80ac58cd',
    ERC721Metadata: '0x5b5e139f',
    ERC2981: '0x2a55205a',
    ERC4906: '0x49064906',
    AccessControl: '0x7965db0b',
  };
  for (const id of Object.values(interfaces)) {
    expect(await desk.read('supportsInterface', id)).toBe(true);
  }
  expect(await desk.read('supportsInterface', '0xffffffff')).toBe(false);
  expect(await desk.read('symbol')).toBe('TKT');
  expect(await desk.read('MINTER_ROLE')).toBe(ethers().id('MINTER_ROLE'));
});

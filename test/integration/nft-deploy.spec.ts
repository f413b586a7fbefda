import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ethers } from '../../src/kernel/chain/polygon/index.js';
import { sealKey } from '../../src/kernel/chain/signer/key-file.js';
import { newId } from '../../src/kernel/ids.js';
import { PolygonChain } from '../../src/nft/infra/polygon/index.js';
import { ticketNft } from '../../src/nft/infra/polygon/ticket-contract.js';
import { type PolygonSandbox, startPolygon } from '../../src/sandbox/polygon/index.js';
import { newWallet, nodeOf } from '../contract/support/polygon-desk.js';
import { eventually } from '../support/shop.js';

const PASSPHRASE = 'correct horse battery staple';
const BASE = 'https://tokens.example.com';
const ADMIN_ROLE = '0x'.padEnd(66, '0');

jest.setTimeout(180_000);

let folder: string;
let polygon: PolygonSandbox;
let payer: string;
let operator: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'deploy-'));
  polygon = await startPolygon({ folder: path.join(folder, 'chain'), blockMs: 20 });
  payer = await polygon.admin.address();
  operator = await polygon.minter.address();
  env = {
    POLYGON_RPC_URL: polygon.rpcUrl,
    POLYGON_CHAIN_ID: String(polygon.chainId),
    NFT_METADATA_BASE_URL: BASE,
    POLYGON_KEY_FILE: await keep('payer.json', polygon.admin.privateKey),
    CHAIN_KEY_PASSPHRASE: PASSPHRASE,
  };
});
afterAll(async () => {
  await polygon.close();
  rmSync(folder, { recursive: true, force: true });
});

async function keep(name: string, privateKey: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(await sealKey('secp256k1', privateKey, PASSPHRASE)));
  return file;
}

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** What `npm run nft:deploy` runs once everything is built, which jest has done. */
function program(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [, command = ''] = scripts['nft:deploy']?.split(' && ') ?? [];
  return command.split(' ').slice(1);
}

function deploy(
  args: readonly string[],
  over: Record<string, string | undefined> = {},
): Promise<Run> {
  const settings = { PATH: process.env.PATH, ...env, ...over };
  const child = spawn(process.execPath, [...program(), ...args], { env: settings });
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      resolve({ code, out, errors });
    });
  });
}

/** Asks the contract at an address. */
async function ask(contract: string, name: string, ...args: readonly unknown[]): Promise<unknown> {
  const data = ticketNft().encodeFunctionData(name, args);
  const answer = await polygon.ask('eth_call', { to: contract, data }, 'latest');
  return ticketNft().decodeFunctionResult(name, answer as string)[0];
}

const roleOf = async (contract: string, role: string, who: string) =>
  ask(contract, 'hasRole', await ask(contract, `${role}_ROLE`), who);

const noncesOf = (address: string) => polygon.ask('eth_getTransactionCount', address, 'latest');

describe('npm run nft:deploy', () => {
  it('puts a contract on the chain that answers, and on which the operator mints', async () => {
    const { code, out, errors } = await deploy(['--operator', operator]);
    expect([code, errors]).toEqual([0, `anvil: ${payer} pays\n`]);
    const contract = out.trim();
    expect(contract).toMatch(/^0x[\dA-Fa-f]{40}$/);
    expect(contract).not.toBe(polygon.contract);
    expect(await ask(contract, 'name')).toBe('TicketToken');
    expect(await ask(contract, 'symbol')).toBe('TKT');
    for (const role of ['MINTER', 'REVOKER']) {
      expect(await roleOf(contract, role, operator)).toBe(true);
      expect(await roleOf(contract, role, payer)).toBe(false);
    }
    expect(await ask(contract, 'hasRole', ADMIN_ROLE, payer)).toBe(true);
    expect(await roleOf(contract, 'PAUSER', payer)).toBe(true);
    expect(await ask(contract, 'hasRole', ADMIN_ROLE, operator)).toBe(false);

    const node = nodeOf(polygon);
    const chain = new PolygonChain({ node, contract, signer: polygon.minter });
    const { address: owner } = newWallet();
    const ticketId = newId();
    const { tokenId } = await chain.identityOf(ticketId);
    const order = { ticketId, owner, name: 'Rock Night', uri: `${BASE}/nft/metadata/${tokenId}` };
    const signed = await chain.signMint([order], { nonce: await chain.nextNonce() });
    await chain.send(signed);
    const state = await eventually(async () => {
      const now = await chain.stateOf(signed);
      return ['done', 'failed'].includes(now.kind) && now;
    }, 'the mint');
    expect(state).toMatchObject({ kind: 'done' });
    expect(await ask(contract, 'ownerOf', tokenId)).toBe(owner);
    expect(await ask(contract, 'tokenURI', tokenId)).toBe(`${BASE}/nft/metadata/${tokenId}`);
  });

  it('a second time answers the same address and sends nothing', async () => {
    const first = await deploy(['--operator', operator]);
    const before = await noncesOf(payer);
    const again = await deploy(['--operator', operator], { NFT_METADATA_BASE_URL: `${BASE}/` });
    expect([again.code, again.out]).toEqual([0, first.out]);
    expect(await noncesOf(payer)).toBe(before);
  });

  it('gives the rights and the royalties that it is told to, and none to whoever pays', async () => {
    const [admin, receiver] = [newWallet().address, newWallet().address];
    const { code, out } = await deploy([
      ...['--operator', operator, '--admin', admin, '--name', 'Night Tickets', '--symbol', 'NGT'],
      ...['--royalty-receiver', receiver, '--royalty-basis-points', '750'],
    ]);
    const contract = out.trim();
    expect(code).toBe(0);
    expect(await ask(contract, 'name')).toBe('Night Tickets');
    expect(await ask(contract, 'symbol')).toBe('NGT');
    expect(await ask(contract, 'hasRole', ADMIN_ROLE, admin)).toBe(true);
    expect(await ask(contract, 'hasRole', ADMIN_ROLE, payer)).toBe(false);
    const data = ticketNft().encodeFunctionData('royaltyInfo', [1, 10_000]);
    const answer = await polygon.ask('eth_call', { to: contract, data }, 'latest');
    const royalty = ticketNft().decodeFunctionResult('royaltyInfo', answer as string);
    expect([...royalty]).toEqual([receiver, 750n]);
  });

  it('takes the public address of the service where none is named for metadata', async () => {
    const named = await deploy(['--operator', operator]);
    const over = { NFT_METADATA_BASE_URL: undefined, PUBLIC_BASE_URL: BASE };
    expect(await deploy(['--operator', operator], over)).toEqual(named);
  });
});

describe('what is missing or wrong is said, with how it is used', () => {
  it.each<[string, readonly string[], Record<string, string | undefined>, string]>([
    ['no operator', [], {}, '--operator must be an address'],
    ['an operator that is none', ['--operator', '0x12'], {}, '--operator must be an address'],
    ['an unknown option', ['--owner', '0x12'], {}, "Unknown option '--owner'"],
    ['no node', [], { POLYGON_RPC_URL: undefined }, 'POLYGON_RPC_URL is missing'],
    ['no chain', [], { POLYGON_CHAIN_ID: '' }, 'POLYGON_CHAIN_ID is missing'],
    ['no address for metadata', [], { NFT_METADATA_BASE_URL: '' }, 'PUBLIC_BASE_URL is missing'],
    ['no key', [], { POLYGON_KEY_FILE: '' }, 'POLYGON_KEY_FILE or POLYGON_KMS_KEY_ID is missing'],
    ['no passphrase', [], { CHAIN_KEY_PASSPHRASE: '' }, 'CHAIN_KEY_PASSPHRASE is missing'],
    ['too much royalty', ['--royalty-basis-points', '10001'], {}, 'a whole number from 0 to 10000'],
    ['half a basis point', ['--royalty-basis-points', '1.5'], {}, 'a whole number from 0 to 10000'],
    ['an admin that is none', ['--admin', 'me'], {}, '--admin must be an address'],
  ])('%s', async (what, args, over, problem) => {
    const operated = what.includes('operator') ? args : ['--operator', operator, ...args];
    const { code, out, errors } = await deploy(operated, over);
    expect([code, out]).toEqual([2, '']);
    expect(errors).toContain(problem);
    expect(errors).toContain('npm run nft:deploy -- --operator ADDRESS');
    expect(errors).not.toContain(PASSPHRASE);
  });
});

describe('what cannot be done is said in a line', () => {
  it.each<[string, () => Promise<Record<string, string>> | Record<string, string>, RegExp]>([
    ['a chain that was shut down', () => ({ POLYGON_CHAIN_ID: '80001' }), /80001 is none of 137/],
    ['another chain than the node’s', () => ({ POLYGON_CHAIN_ID: '80002' }), /31337|80002/],
    ['a node that is away', () => ({ POLYGON_RPC_URL: 'http://127.0.0.1:1' }), /cannot be asked/],
    ['a wrong passphrase', () => ({ CHAIN_KEY_PASSPHRASE: 'x'.repeat(20) }), /passphrase/],
    [
      'no such key file',
      () => ({ POLYGON_KEY_FILE: path.join(folder, 'none') }),
      /key file cannot be read: ENOENT/,
    ],
    [
      'a signer without coins',
      async () => {
        const { privateKey } = newWallet();
        return { POLYGON_KEY_FILE: await keep('poor.json', ethers().getBytes(privateKey)) };
      },
      /fund/i,
    ],
  ])('%s', async (_, over, problem) => {
    const { code, out, errors } = await deploy(['--operator', operator], await over());
    expect([code, out]).toEqual([1, '']);
    expect(errors).toMatch(problem);
    expect(errors).not.toContain('    at ');
    expect(errors).not.toContain(PASSPHRASE);
  });
});

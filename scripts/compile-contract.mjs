// npm run nft:compile: TicketNFT.sol -> ticket-nft.artefact.ts, with the hash of all it was made of.
// --check compares what is committed with what the compiler makes, and changes nothing.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import solc from 'solc';
import { Interface } from 'ethers';
import { root } from './compile.mjs';

const FOLDER = path.join(root, 'src/nft/infra/polygon/contract');
const TARGET = path.join(FOLDER, 'ticket-nft.artefact.ts');
const SOURCE = 'TicketNFT.sol';
const CONTRACT = 'TicketNFT';

/**
 * Without metadata the bytecode depends on code alone. A contract is deployed once and called for
 * ever: many runs. Polygon runs the code of Cancun since its Napoli upgrade.
 */
const SETTINGS = {
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 10_000 },
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { [CONTRACT]: ['abi', 'evm.bytecode.object'] } },
};

const require = createRequire(import.meta.url);
const sources = {};

function read(name) {
  const file = name.startsWith('@') ? require.resolve(name) : path.join(FOLDER, name);
  sources[name] = readFileSync(file, 'utf8');
  return sources[name];
}

function compile() {
  const input = {
    language: 'Solidity',
    sources: { [SOURCE]: { content: read(SOURCE) } },
    settings: SETTINGS,
  };
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), { import: (name) => ({ contents: read(name) }) }),
  );
  const complaints = output.errors ?? [];
  if (complaints.length > 0) {
    throw new Error(complaints.map(({ formattedMessage }) => formattedMessage).join('\n'));
  }
  return output.contracts[SOURCE][CONTRACT];
}

function hashOfSources() {
  const hash = createHash('sha256').update(JSON.stringify([solc.version(), SETTINGS]));
  for (const name of Object.keys(sources).toSorted()) hash.update(`\0${name}\0${sources[name]}`);
  return hash.digest('hex');
}

async function artefact() {
  const { abi, evm } = compile();
  const fields = {
    compiler: solc.version(),
    sourceHash: hashOfSources(),
    abi: new Interface(abi).format().toSorted(),
    bytecode: `0x${evm.bytecode.object}`,
  };
  const text = `/** Made of ${SOURCE} by \`npm run nft:compile\`. */
export const TICKET_NFT = ${JSON.stringify(fields)} as const;`;
  return format(text, { ...(await resolveConfig(TARGET)), parser: 'typescript' });
}

const made = await artefact();
if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, made);
  console.log(path.relative(root, TARGET));
} else if (readFileSync(TARGET, 'utf8') !== made) {
  console.error(`${path.relative(root, TARGET)} is not of its source: npm run nft:compile`);
  process.exitCode = 1;
}

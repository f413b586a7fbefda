import { setTimeout as sleep } from 'node:timers/promises';
import { ethers, type PolygonNode } from '../../../../kernel/chain/polygon/index.js';
import type { Signer } from '../../../../kernel/chain/signer/index.js';
import { hexOf, signCall } from '../signing.js';
import { TICKET_NFT } from './ticket-nft.artefact.js';

/** What the contract is made with; all but the rights it gives can be changed by its admin. */
export interface TicketNftArguments {
  readonly name: string;
  readonly symbol: string;
  /** What metadata addresses begin with, up to the token id. */
  readonly baseUri: string;
  /** Gives and takes roles, and may pause. */
  readonly admin: string;
  /** Mints and revokes. */
  readonly operator: string;
  readonly royaltyReceiver: string;
  /** Of a resale's price, 10,000 is all of it; 0: none. */
  readonly royaltyBasisPoints: number;
}

/**
 * Makes contracts at addresses that follow from their code and arguments (CREATE2, EIP-1014;
 * github.com/Arachnid/deterministic-deployment-proxy). It is on Polygon, on Amoy and on anvil.
 */
const FACTORY = '0x4e59b44847b379578588920cA78FbF26c0B4956C';
const SALT = '0x'.padEnd(66, '0');

/** More than it takes, and less than a transaction may have; what is not used is not paid. */
const GAS_LIMIT = 6_000_000n;

const FIRST_POLL_MS = 20;
const LAST_POLL_MS = 2_000;
const PATIENCE_MS = 300_000;

/** The code that makes the contract. */
export function initCode(args: TicketNftArguments): string {
  const { Interface, concat } = ethers();
  const encoded = new Interface(TICKET_NFT.abi).encodeDeploy([
    args.name,
    args.symbol,
    args.baseUri,
    args.admin,
    args.operator,
    args.royaltyReceiver,
    args.royaltyBasisPoints,
  ]);
  return concat([TICKET_NFT.bytecode, encoded]);
}

/** Where a contract with these arguments stands, on every chain. */
export function contractAddress(args: TicketNftArguments): string {
  const { getCreate2Address, keccak256 } = ethers();
  return getCreate2Address(FACTORY, SALT, keccak256(initCode(args)));
}

/**
 * Makes the contract unless it is there already, and answers its address when it is. The signer pays
 * and gets no right by that. Throws when the contract did not come to be within five minutes.
 */
export async function deployTicketNft(
  args: TicketNftArguments,
  node: PolygonNode,
  signer: Signer,
): Promise<string> {
  const address = contractAddress(args);
  const isThere = async () => (await node.codeAt(address)) !== '0x';
  if (await isThere()) return address;
  if ((await node.codeAt(FACTORY)) === '0x') throw new Error(`no CREATE2 factory at ${FACTORY}`);
  const deployment = await signCall(
    {
      chainId: node.network.chainId,
      nonce: await node.nonceOf(await signer.address(), 'pending'),
      to: FACTORY,
      data: ethers().concat([SALT, initCode(args)]),
      gasLimit: GAS_LIMIT,
      fee: await node.suggestedFee(),
    },
    signer,
  );
  const { hash } = deployment;
  await node.send(hexOf(deployment.bytes));
  const deadline = Date.now() + PATIENCE_MS;
  for (
    let pollMs = FIRST_POLL_MS;
    !(await isThere());
    pollMs = Math.min(2 * pollMs, LAST_POLL_MS)
  ) {
    const receipt = await node.receiptOf(hash);
    if (receipt?.succeeded === false) throw new Error(`the deployment failed: ${hash}`);
    if (Date.now() > deadline) throw new Error(`no contract yet: ${hash}`);
    await sleep(pollMs);
  }
  return address;
}

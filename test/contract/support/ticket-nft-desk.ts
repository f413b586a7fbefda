import type { Contract, TransactionReceipt, Wallet } from 'ethers';
import { ethers } from '../../../src/kernel/chain/polygon/index.js';
import { deployTicketNft } from '../../../src/nft/infra/polygon/contract/deploy.js';
import { revertReason, ticketNft } from '../../../src/nft/infra/polygon/ticket-contract.js';
import type { PolygonSandbox } from '../../../src/sandbox/polygon/index.js';
import { nodeOf } from './polygon-desk.js';

const POLL_MS = 20;
const FUNDS = '0x56bc75e2d63100000';

let contracts = 0;

/** A contract of its own, and people who call it. */
export class TicketNftDesk {
  private constructor(
    readonly address: string,
    readonly admin: Wallet,
    readonly operator: Wallet,
    readonly alice: Wallet,
    readonly bob: Wallet,
  ) {}

  static async open(sandbox: PolygonSandbox): Promise<TicketNftDesk> {
    const { JsonRpcProvider, Network, Wallet } = ethers();
    const network = new Network('anvil', sandbox.chainId);
    const provider = new JsonRpcProvider(sandbox.rpcUrl, network, {
      staticNetwork: network,
      cacheTimeout: -1,
    });
    provider.pollingInterval = POLL_MS;
    const rich = async () => {
      const wallet = new Wallet(Wallet.createRandom().privateKey, provider);
      await sandbox.ask('anvil_setBalance', wallet.address, FUNDS);
      return wallet;
    };
    const [admin, operator] = [await rich(), await rich()];
    const args = {
      name: `Tickets ${++contracts}`,
      symbol: 'TKT',
      baseUri: 'https://tokens.example/',
      admin: admin.address,
      operator: operator.address,
      royaltyReceiver: admin.address,
      royaltyBasisPoints: 750,
    };
    const address = await deployTicketNft(args, nodeOf(sandbox), sandbox.admin);
    return new TicketNftDesk(address, admin, operator, await rich(), await rich());
  }

  /** Calls what changes something, and waits until it is in a block. */
  async write(who: Wallet, name: string, ...args: readonly unknown[]): Promise<TransactionReceipt> {
    const sent = (await this.as(who).getFunction(name)(...args)) as {
      wait(): Promise<TransactionReceipt | null>;
    };
    const receipt = await sent.wait();
    if (receipt === null) throw new Error('no receipt');
    return receipt;
  }

  read(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.as(this.admin).getFunction(name)(...args) as Promise<unknown>;
  }

  /** The error that the contract refuses a call with. */
  async refusal(who: Wallet, name: string, ...args: readonly unknown[]): Promise<string> {
    try {
      await this.write(who, name, ...args);
    } catch (error) {
      return revertName(error);
    }
    throw new Error(`${name} was not refused`);
  }

  /** Names of the contract's events in a block's receipt. */
  events(receipt: TransactionReceipt): string[] {
    return receipt.logs.flatMap((log) => ticketNft().parseLog(log)?.name ?? []);
  }

  /** Puts code on the chain as it is, and answers its address. */
  async deploy(runtime: string): Promise<string> {
    const size = (runtime.length / 2).toString(16).padStart(2, '0');
    // Copies what comes after these nine bytes to memory, and returns it.
    const sent = await this.admin.sendTransaction({ data: `0x60${size}8060095f395ff3${runtime}` });
    const receipt = await sent.wait();
    return receipt?.contractAddress ?? '';
  }

  private as(who: Wallet): Contract {
    return new (ethers().Contract)(this.address, ticketNft(), who);
  }
}

function revertName(error: unknown): string {
  if (!ethers().isError(error, 'CALL_EXCEPTION')) throw error;
  return revertReason(error.data)?.replace(/\(.*/, '') ?? error.shortMessage;
}

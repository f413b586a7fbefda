import { z } from 'zod';
import { PolygonNode } from '../../kernel/chain/polygon/index.js';
import { contractAddress, deployTicketNft } from '../../nft/ticket-nft.contract.js';
import { listen, type Listener, type Routes } from '../http-router.js';
import { parse } from '../platform/endpoint.js';
import { type Anvil, CHAIN_ID, startAnvil } from './anvil.js';
import { BlockMaker } from './block-maker.js';
import { DevSigner } from './dev-signer.js';
import { FaultDice, type PolygonFaultPlan, polygonFaults } from './faults.js';
import { type MintedToken, mintedTokens } from './minted-tokens.js';
import { Relay } from './relay.js';

export interface PolygonSandboxOptions {
  /** Where the chain is kept. */
  readonly folder: string;
  /** Of the JSON-RPC; 0 or absent: a free one. */
  readonly port?: number | undefined;
  /** Between blocks while there is something to do. */
  readonly blockMs?: number;
  /** What metadata addresses begin with. */
  readonly baseUri?: string;
}

const BLOCK_MS = 100;
const NODE = { chainId: CHAIN_ID, timeoutMs: 5_000 };
const BASE_URI = 'http://127.0.0.1:3005/nft/metadata/';

/** Blocks that are not final yet: as many can be replaced. */
const depthBody = z.strictObject({ depth: z.int().min(1).max(2) });
const blocksBody = z.strictObject({ count: z.int().min(1).max(1_000) });

/** A local EVM chain with the TicketNFT contract on it. Its faults are also under `/__emulator/`. */
export class PolygonSandbox {
  readonly chainId = CHAIN_ID;
  readonly rpcUrl: string;
  readonly port: number;

  private constructor(
    /** Address of TicketNFT: the same wherever the arguments are. */
    readonly contract: string,
    /** Gives roles and may pause. */
    readonly admin: DevSigner,
    /** Mints and revokes, and pays. */
    readonly minter: DevSigner,
    private readonly anvil: Anvil,
    private readonly dice: FaultDice,
    private readonly blocks: BlockMaker,
    private readonly listener: Listener,
  ) {
    this.rpcUrl = listener.baseUrl;
    this.port = listener.port;
  }

  static async start(options: PolygonSandboxOptions): Promise<PolygonSandbox> {
    const { folder, port, blockMs = BLOCK_MS, baseUri = BASE_URI } = options;
    const [admin, minter] = [new DevSigner(0), new DevSigner(1)];
    const args = {
      name: 'TicketToken',
      symbol: 'TKT',
      baseUri,
      admin: await admin.address(),
      operator: await minter.address(),
      royaltyReceiver: await admin.address(),
      royaltyBasisPoints: 1_000,
    };
    const contract = contractAddress(args);
    const anvil = await startAnvil(folder);
    const dice = new FaultDice();
    const blocks = new BlockMaker(anvil.rpc, dice, blockMs);
    try {
      const listener = await serve({ anvil, blocks, contract, dice, port });
      const { baseUrl: rpcUrl } = listener;
      await deployTicketNft(args, new PolygonNode({ rpcUrl, ...NODE }), admin);
      return new PolygonSandbox(contract, admin, minter, anvil, dice, blocks, listener);
    } catch (error) {
      await blocks.close();
      await anvil.stop();
      throw error;
    }
  }

  /** Replaces the fault plan; what it does not name does not go wrong. */
  setFaults(plan: PolygonFaultPlan): void {
    this.dice.set(plan);
    this.blocks.wake();
  }

  /** Receipts that were there and were not shown. */
  get droppedReceipts(): number {
    return this.dice.droppedReceipts;
  }

  /** Makes blocks at once, also while the plan holds them. */
  makeBlocks(count: number): Promise<void> {
    return this.blocks.make(count);
  }

  /** Replaces the last one or two blocks by empty ones; their transactions are gone. */
  reorganize(depth: 1 | 2): Promise<void> {
    return this.blocks.reorganize(depth);
  }

  /** Every token that was ever made. */
  tokens(): Promise<MintedToken[]> {
    return mintedTokens(this.anvil.rpc, this.contract);
  }

  /** Asks the chain itself, past every fault; `anvil_…` too. */
  ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    return this.anvil.rpc(method, ...params);
  }

  /** Ends the chain; the next one in the folder goes on where it was. */
  async close(): Promise<void> {
    await this.listener.close();
    await this.blocks.close();
    await this.anvil.stop();
  }
}

interface Served {
  readonly anvil: Anvil;
  readonly blocks: BlockMaker;
  readonly contract: string;
  readonly dice: FaultDice;
  readonly port: number | undefined;
}

function serve({ anvil, blocks, contract, dice, port }: Served): Promise<Listener> {
  const relay = new Relay(anvil.url, dice, () => {
    blocks.wake();
  });
  const routes: Routes = {
    'GET /__emulator/faults': () => ({ status: 200, body: dice.current }),
    'PUT /__emulator/faults': ({ body }) => {
      dice.set(parse(polygonFaults, body));
      blocks.wake();
      return { status: 200, body: dice.current };
    },
    'POST /__emulator/reorg': async ({ body }) => {
      await blocks.reorganize(parse(depthBody, body).depth);
      return { status: 200, body: {} };
    },
    'POST /__emulator/blocks': async ({ body }) => {
      await blocks.make(parse(blocksBody, body).count);
      return { status: 200, body: {} };
    },
    'GET /__emulator/tokens': async () => ({
      status: 200,
      body: { contract, tokens: await mintedTokens(anvil.rpc, contract) },
    }),
  };
  return listen(routes, {
    port,
    intercept: (request, response) => {
      if (request.method !== 'POST' || request.url !== '/') return false;
      void relay.serve(request, response);
      return true;
    },
  });
}

import { z } from 'zod';
import { listen, type Listener, type Routes } from '../http-router.js';
import { parse } from '../platform/endpoint.js';
import { BLOCKHASH_LIFETIME } from './block-clock.js';
import { FaultDice, type SolanaFaultPlan, solanaFaults } from './faults.js';
import { loadLitesvm } from './litesvm.js';
import { LocalChain } from './local-chain.js';
import { rpcMethods } from './methods.js';
import { answerRpc } from './rpc.js';
import { type SolanaToken, tokensOn } from './tokens.js';

export interface SolanaSandboxOptions {
  /** Where the chain is kept; in memory only when absent. */
  readonly folder?: string | undefined;
  /** Of the JSON-RPC; 0 or absent: a free one. */
  readonly port?: number | undefined;
  /** Between blocks, kept with the chain; 400 when absent, as on the public clusters. */
  readonly blockMs?: number;
  /** Blocks on top of one until it is final; 2 when absent, where public clusters take 32. */
  readonly finalityBlocks?: number;
  /** Unix milliseconds. */
  readonly clock?: () => number;
}

const [BLOCK_MS, FINALITY_BLOCKS] = [400, 2];

const blocksBody = z.strictObject({ count: z.int().min(1).max(1_000_000) });

/** A local Solana chain. Its faults are also under `/__emulator/`. */
export class SolanaSandbox {
  readonly cluster = 'localnet';
  readonly rpcUrl: string;
  readonly port: number;

  private constructor(
    private readonly chain: LocalChain,
    private readonly dice: FaultDice,
    private readonly listener: Listener,
  ) {
    this.rpcUrl = listener.baseUrl;
    this.port = listener.port;
  }

  static async start(options: SolanaSandboxOptions): Promise<SolanaSandbox> {
    const vm = loadLitesvm();
    if (!vm) throw new Error(`LiteSVM is not installed for ${process.platform} ${process.arch}`);
    const { folder, port, blockMs = BLOCK_MS, clock = Date.now } = options;
    const { finalityBlocks = FINALITY_BLOCKS } = options;
    const chain = new LocalChain(vm, { folder, slotMs: blockMs, finalityBlocks, clock });
    const dice = new FaultDice();
    return new SolanaSandbox(chain, dice, await serve(chain, dice, port));
  }

  /** Sees to it that an address has at least so many lamports. */
  fund(address: string, lamports: number): void {
    const has = Number(this.chain.account(address, 'processed')?.lamports() ?? 0n);
    if (has < lamports) this.chain.airdrop(address, lamports - has);
  }

  /** Replaces the fault plan; what it does not name does not go wrong. */
  setFaults(plan: SolanaFaultPlan): void {
    this.dice.set(plan);
  }

  /** What was known of a signature and not told. */
  get droppedReceipts(): number {
    return this.dice.droppedReceipts;
  }

  /** Makes blocks at once. */
  makeBlocks(count: number): void {
    this.chain.skip(count);
  }

  /** Makes so many that no transaction signed before can get into one any more. */
  expireBlockhashes(): void {
    expireBlockhashes(this.chain);
  }

  /** Every token that was ever made, past JSON-RPC and its faults. */
  tokens(): SolanaToken[] {
    return tokensOn(this.chain);
  }

  /** Ends the chain; the next one in the folder goes on where it was. */
  async close(): Promise<void> {
    await this.listener.close();
    this.chain.save();
  }
}

function serve(chain: LocalChain, dice: FaultDice, port: number | undefined): Promise<Listener> {
  const methods = rpcMethods(chain, dice);
  const routes: Routes = {
    'POST /': ({ body }) =>
      dice.refuses()
        ? { status: 503, body: { error: 'Service unavailable' } }
        : answerRpc(methods, body),
    'GET /__emulator/faults': () => ({ status: 200, body: dice.current }),
    'PUT /__emulator/faults': ({ body }) => {
      dice.set(parse(solanaFaults, body));
      return { status: 200, body: dice.current };
    },
    'POST /__emulator/expire': () => {
      expireBlockhashes(chain);
      return { status: 200, body: {} };
    },
    'POST /__emulator/blocks': ({ body }) => {
      chain.skip(parse(blocksBody, body).count);
      return { status: 200, body: {} };
    },
    'GET /__emulator/tokens': () => ({ status: 200, body: { tokens: tokensOn(chain) } }),
  };
  return listen(routes, { port });
}

/** Beyond the life of every block hash, by so much that those blocks are final too. */
function expireBlockhashes(chain: LocalChain): void {
  chain.skip(BLOCKHASH_LIFETIME + chain.clock.finalityBlocks + 1);
}

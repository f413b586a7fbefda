import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Alerts } from '../../kernel/alerts/index.js';
import { NATIVE_COINS } from '../../kernel/chain/chain-names.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/index.js';
import { isAway } from './job-signing.js';
import { chainBalance } from './mint-metrics.js';
import type { ChainName } from './ticket-chain.js';
import { TicketChains } from './ticket-chains.js';

const EVERY_MS = 60_000;

/** Tells operators when a signer runs out of what transactions are paid with. */
@Injectable()
export class BalanceWatch implements OnApplicationBootstrap {
  private readonly log = new Logger(BalanceWatch.name);

  constructor(
    private readonly chains: TicketChains,
    private readonly alerts: Alerts,
    private readonly tasks: PeriodicTasks,
    @Inject(CONFIG) private readonly config: Pick<Config, 'chains'>,
  ) {}

  onApplicationBootstrap(): void {
    if (this.chains.signing.length === 0) return;
    this.tasks.add(new Periodic('balances of signers', EVERY_MS, () => this.look()));
  }

  async look(): Promise<void> {
    for (const name of this.chains.signing) {
      try {
        await this.lookAt(name);
      } catch (error) {
        if (!isAway(error)) throw error;
        this.log.warn(`the balance on ${name} is not known: ${error.message}`);
      }
    }
  }

  private async lookAt(name: ChainName): Promise<void> {
    const chain = await this.chains.of(name);
    if (!chain) return;
    const { unitsPerCoin, symbol } = NATIVE_COINS[name];
    const balance = await chain.balance();
    chainBalance.set({ blockchain: name }, Number(balance) / Number(unitsPerCoin));
    const least = BigInt(this.leastOf(name)) * unitsPerCoin;
    if (balance >= least) return;
    await this.alerts.raise({
      key: `chain_balance:${name}`,
      severity: balance === 0n ? 'critical' : 'warning',
      title: `The signer on ${chain.network} has less than ${least / unitsPerCoin} ${symbol} left`,
      module: 'nft',
      details: { address: await chain.signerAddress(), balance: balance.toString() },
    });
  }

  /** Whole coins. */
  private leastOf(name: ChainName): number {
    const { polygon, solana } = this.config.chains;
    const least = name === 'polygon' ? polygon?.balanceAlertPol : solana?.balanceAlertSol;
    return least ?? 0;
  }
}

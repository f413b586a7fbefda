import type { CountedPurchase } from '../../src/fraud/infra/record-purchase-signals.js';
import {
  type FraudDecision,
  type PurchaseSignals,
  type PurchaseToCheck,
  recordPurchaseSignals,
} from '../../src/fraud/fraud.contract.js';
import { FraudCheck } from '../../src/fraud/infra/fraud-check.js';
import { RuleSets } from '../../src/fraud/infra/rule-sets.js';
import { SubjectKeys } from '../../src/fraud/infra/subject-keys.js';
import type { HistoryFeatures } from '../../src/fraud/domain/scoring/index.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { purchaseToCheck } from '../support/fraud-samples.js';
import { type OpenDatabase, openDatabase } from './outbox-database.js';

export const KEYS = new SubjectKeys(['a-secret-of-today']);

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type Told = Partial<Omit<PurchaseToCheck, 'signals' | 'tenantId'>> & {
  readonly signals?: Partial<PurchaseSignals>;
};

/** The ids of a list that was answered. */
export function idsIn(body: object, list: string): string[] {
  const entries = (body as Record<string, { id: string }[]>)[list] ?? [];
  return entries.map(({ id }) => id);
}

/** One tenant's checks on a database, around an instant. */
export class FraudWorld {
  readonly tenantId = newId();
  readonly now = new Date('2026-03-02T12:00:00Z');
  readonly check: FraudCheck;

  private constructor(
    readonly db: OpenDatabase,
    private readonly keys: SubjectKeys,
  ) {
    this.check = new FraudCheck(db.database, new RuleSets(), keys);
  }

  static async open(): Promise<FraudWorld> {
    return new FraudWorld(await openDatabase(), KEYS);
  }

  /** The same database, another tenant: nothing has happened yet. */
  fresh(): FraudWorld {
    return new FraudWorld(this.db, this.keys);
  }

  /** The same tenant's checks under other secrets. */
  rekeyed(keys: SubjectKeys): FraudCheck {
    return new FraudCheck(this.db.database, new RuleSets(), keys);
  }

  purchase({ signals, ...over }: Told = {}): PurchaseToCheck {
    const { tenantId } = this;
    const { userId = newId(), at = this.now } = over;
    const told = { tenantId, userId, at, retentionDays: 30, ...signals };
    return purchaseToCheck({ tenantId, userId, at, ...over, signals: told });
  }

  /** Checks a purchase and, if it may be, makes it. */
  async buy(told: Told = {}): Promise<FraudDecision> {
    const decision = await this.check.check(this.purchase(told));
    await this.db.database.transact(this.tenantId, decision.record);
    return decision;
  }

  /** A purchase that was made, so many milliseconds ago, whatever the rules were. */
  async bought(agoMs: number, told: Told = {}): Promise<Uuid> {
    const purchase = this.purchase({ ...told, at: new Date(this.now.getTime() - agoMs) });
    await this.record(purchase, purchase);
    return purchase.paymentId;
  }

  private record({ paymentId, signals }: PurchaseToCheck, counted: CountedPurchase) {
    const statement = recordPurchaseSignals({ ...signals, paymentId }, counted);
    return this.db.database.transact(this.tenantId, [statement]);
  }

  /** What a check of the purchase would rest on. */
  async history(told: Told = {}): Promise<HistoryFeatures> {
    const { id } = await this.buy(told);
    const [row] = await this.db.query('SELECT features FROM fraud_checks WHERE id = $1', [id]);
    return (row?.features as { history: HistoryFeatures }).history;
  }

  close(): Promise<void> {
    return this.db.close();
  }
}

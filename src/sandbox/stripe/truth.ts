import type {
  ChargeRecord,
  DisputeRecord,
  IntentRecord,
  RefundRecord,
  TransactionRecord,
} from './state/records.js';
import type { World } from './state/world.js';

/** What happened to intents that carry one value under one metadata key. Amounts in minor units. */
export interface Effects {
  intents: number;
  /** Charges the issuer agreed to, captured or not. */
  charges: number;
  capturedAmount: number;
}

/** Everything the emulator knows to be true, for tests to hold the application against. */
export interface TruthDump {
  intents: readonly Omit<IntentRecord, 'clientSecret'>[];
  charges: readonly ChargeRecord[];
  refunds: readonly RefundRecord[];
  disputes: readonly DisputeRecord[];
  balanceTransactions: readonly TransactionRecord[];
  idempotencyEntries: number;
  /** Metadata key, then value. */
  effects: Record<string, Record<string, Effects>>;
}

function effectsOf(world: World): TruthDump['effects'] {
  const effects = new Map<string, Map<string, Effects>>();
  for (const intent of world.intents.all()) {
    const charges = intent.charges
      .map((id) => world.charges.get(id))
      .filter((charge) => charge?.status === 'succeeded');
    for (const [key, value] of Object.entries(intent.metadata)) {
      const values = effects.get(key) ?? new Map<string, Effects>();
      const sum = values.get(value) ?? { intents: 0, charges: 0, capturedAmount: 0 };
      values.set(value, {
        intents: sum.intents + 1,
        charges: sum.charges + charges.length,
        capturedAmount:
          sum.capturedAmount +
          charges.reduce((total, charge) => total + (charge?.amountCaptured ?? 0), 0),
      });
      effects.set(key, values);
    }
  }
  return Object.fromEntries(
    [...effects].map(([key, values]) => [key, Object.fromEntries(values)] as const),
  );
}

function withoutSecret(intent: IntentRecord): TruthDump['intents'][number] {
  const shown: Partial<IntentRecord> = { ...intent };
  delete shown.clientSecret;
  return shown as TruthDump['intents'][number];
}

/** A copy: what happens later does not change it. */
export const truth = (world: World): TruthDump =>
  structuredClone({
    intents: world.intents.all().map(withoutSecret),
    charges: world.charges.all(),
    refunds: world.refunds.all(),
    disputes: world.disputes.all(),
    balanceTransactions: world.transactions.all(),
    idempotencyEntries: world.idempotency.size,
    effects: effectsOf(world),
  });

import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { AppError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { stripeClient } from '../../payments/payments.contract.js';
import type { Claim, ProviderLine, SourceKind } from '../domain/provider-line.js';
import { ProviderBooks } from './provider-books.js';

const PAGE = 100;

/** Stripe's balance transactions (docs.stripe.com/api/balance_transactions), with their sources. */
@Injectable()
export class StripeBooks extends ProviderBooks {
  readonly name = 'stripe';
  private readonly stripe: Stripe;

  constructor(@Inject(CONFIG) { stripe }: Config) {
    super();
    this.stripe = stripeClient(stripe);
  }

  async *lines(since: Date | null): AsyncGenerator<readonly ProviderLine[]> {
    const expand = ['data.source'];
    const list = this.stripe.balanceTransactions;
    for await (const page of pages((paging) => list.list({ ...paging, expand }), since)) {
      yield page.map(lineOf);
    }
  }

  async *unfinished(since: Date): AsyncGenerator<readonly Claim[]> {
    for await (const page of pages((paging) => this.stripe.paymentIntents.list(paging), since)) {
      yield page.filter(isUnfinished).flatMap(({ id, metadata }) => claimOf(id, metadata) ?? []);
    }
  }
}

interface Paging {
  readonly limit: number;
  readonly created?: { readonly gte: number };
  readonly starting_after?: string;
}

/** A whole list of Stripe's, page by page. */
async function* pages<T extends { readonly id: string }>(
  list: (paging: Paging) => Promise<Stripe.ApiList<T>>,
  since: Date | null,
): AsyncGenerator<readonly T[]> {
  const created = since && { gte: Math.floor(since.getTime() / 1000) };
  for (let after: string | undefined, more = true; more;) {
    const { data, has_more } = await list({
      limit: PAGE,
      ...(created && { created }),
      ...(after && { starting_after: after }),
    }).catch((error: unknown) => {
      const cause = error instanceof Error ? error.name : 'unknown error';
      throw new AppError('PROVIDER_UNAVAILABLE', `Stripe could not be asked: ${cause}`);
    });
    yield data;
    after = data.at(-1)?.id;
    more = has_more && after !== undefined;
  }
}

/** docs.stripe.com/payments/paymentintents/lifecycle */
const UNFINISHED: ReadonlySet<string> = new Set([
  'requires_capture',
  'requires_action',
  'processing',
]);

function isUnfinished({ status }: Stripe.PaymentIntent): boolean {
  return UNFINISHED.has(status);
}

function lineOf(line: Stripe.BalanceTransaction): ProviderLine {
  const source = typeof line.source === 'object' ? line.source : null;
  return {
    id: line.id,
    type: line.type,
    source: typeof line.source === 'string' ? line.source : (source?.id ?? null),
    sourceKind: kindOf(source),
    reference: referenceOf(source),
    claim: source?.object === 'charge' ? claimOf(referenceOf(source), source.metadata) : null,
    amountCents: BigInt(line.amount),
    feeCents: BigInt(line.fee),
    currency: line.currency.toUpperCase(),
    createdAt: new Date(line.created * 1000),
  };
}

type Source = Exclude<Stripe.BalanceTransaction['source'], string>;

function kindOf(source: Source): SourceKind {
  const kind = source?.object;
  return kind === 'charge' || kind === 'refund' || kind === 'dispute' ? kind : 'other';
}

/** The intent: payments know a charge by it. */
function referenceOf(source: Source): string | null {
  if (!source || !('payment_intent' in source)) return null;
  const { payment_intent: intent } = source;
  return typeof intent === 'object' ? (intent?.id ?? null) : intent;
}

function claimOf(reference: string | null, metadata: Stripe.Metadata): Claim | null {
  const { tenant_id: tenantId, operation_id: operationId } = metadata;
  if (reference === null || !isUuid(tenantId) || !isUuid(operationId)) return null;
  return { reference, tenantId, operationId };
}

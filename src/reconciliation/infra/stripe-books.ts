import { Inject, Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { AppError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { stripeClient } from '../../payments/payments.contract.js';
import type { ProviderLine, SourceKind } from '../domain/provider-line.js';
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
    for (let after: string | undefined, more = true; more;) {
      const { data, has_more } = await this.page(since, after);
      yield data.map(lineOf);
      after = data.at(-1)?.id;
      more = has_more && after !== undefined;
    }
  }

  private async page(
    since: Date | null,
    after: string | undefined,
  ): Promise<Stripe.ApiList<Stripe.BalanceTransaction>> {
    try {
      return await this.stripe.balanceTransactions.list({
        limit: PAGE,
        expand: ['data.source'],
        ...(since && { created: { gte: Math.floor(since.getTime() / 1000) } }),
        ...(after && { starting_after: after }),
      });
    } catch (error) {
      const cause = error instanceof Error ? error.name : 'unknown error';
      throw new AppError('PROVIDER_UNAVAILABLE', `Stripe could not be asked: ${cause}`);
    }
  }
}

function lineOf(line: Stripe.BalanceTransaction): ProviderLine {
  const source = typeof line.source === 'object' ? line.source : null;
  return {
    id: line.id,
    type: line.type,
    source: typeof line.source === 'string' ? line.source : (source?.id ?? null),
    sourceKind: kindOf(source),
    reference: referenceOf(source),
    claim: claimOf(source),
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

function claimOf(source: Source): ProviderLine['claim'] {
  if (source?.object !== 'charge') return null;
  const { tenant_id: tenantId, operation_id: operationId } = source.metadata;
  return isUuid(tenantId) && isUuid(operationId) ? { tenantId, operationId } : null;
}

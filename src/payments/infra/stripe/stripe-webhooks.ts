import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import Stripe from 'stripe';
import * as z from 'zod';
import { CONFIG, type Config } from '../../../kernel/config/index.js';
import { AppError, isRefusal, refuse, type Refusal } from '../../../kernel/errors.js';
import { isUuid, type Uuid } from '../../../kernel/ids.js';
import { Database } from '../../../kernel/postgres/database.js';
import { sql } from '../../../kernel/postgres/sql.js';
import {
  type InboundWebhookHandler,
  type InboundWebhookSource,
  type InboxEvent,
  type InboxVerdict,
  type VerifiedWebhook,
  WebhookProvider,
} from '../../../webhooks/webhooks.contract.js';
import { ReviewPayment } from '../../commands/review-payment.js';
import { SettlePayment } from '../../commands/settle-payment.js';
import { AMOUNT_DIFFERS } from '../settlement.js';
import { StripeAccounts } from './accounts.js';
import { isLive, stripeClient } from './client.js';

/** Older signatures are refused: somebody may have recorded them (docs.stripe.com/webhooks). */
const TOLERANCE_SECONDS = 300;

const OTHER_ACCOUNT = 'the event is about another account';
const OTHER_TENANT = 'the event is about another tenant’s payment';

/** The events after which money may have gone back, or be claimed. */
const REVIEWED = /^(charge\.(refund|dispute)|refund\.)/;

/** The events after which an intent may stand differently from what we know. */
const TELLING = new Set([
  'payment_intent.succeeded',
  'payment_intent.amount_capturable_updated',
  'payment_intent.payment_failed',
  'payment_intent.requires_action',
  'payment_intent.processing',
  'payment_intent.canceled',
]);

/** Stripe's events: proved by signature, then used only to know which object to look at. */
@Injectable()
@WebhookProvider('stripe')
export class StripeWebhooks implements InboundWebhookSource, InboundWebhookHandler {
  private readonly stripe: Stripe;
  private readonly configured: Signer;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly accounts: StripeAccounts,
    private readonly commands: CommandBus,
  ) {
    this.stripe = stripeClient(config.stripe);
    this.configured = { account: null, livemode: isLive(config.stripe.secretKey) };
  }

  async verify(rawBody: Buffer, headers: IncomingHttpHeaders): Promise<VerifiedWebhook | Refusal> {
    const signature = headers['stripe-signature'];
    const signer = typeof signature === 'string' ? await this.signer(rawBody, signature) : null;
    if (typeof signature !== 'string' || !signer) {
      return refuse('INVALID_SIGNATURE', 'The signature does not match the body.');
    }
    const event = eventOf(rawBody);
    if (!event) return refuse('BAD_REQUEST', 'The body is no event of Stripe.');
    const foreign = foreignTo(signer, event);
    return {
      ...event,
      account: event.account ?? signer.account,
      ...(signer.tenantId !== undefined && { tenantId: signer.tenantId }),
      payload: { ...event.payload, ...(foreign !== null && { foreign }) },
      signature,
      uneventful: foreign === null && !isTelling(event.eventType),
    };
  }

  async handle(event: InboxEvent): Promise<InboxVerdict> {
    const { eventType, payload } = event;
    const foreign = await this.foreign(event);
    if (foreign !== null) return { quarantine: foreign };
    const intentId = payload.intentId;
    if (!isTelling(eventType) || typeof intentId !== 'string') return 'processed';
    const found = (await this.ownPayment(intentId)) ?? (await this.fromMetadata(intentId));
    if (!found) return 'retry';
    if (!this.mayTouch(event, found)) return { quarantine: OTHER_TENANT };
    if (REVIEWED.test(eventType)) return this.review(found, intentId);
    const settled = await this.commands.execute(
      new SettlePayment(found.tenantId, found.paymentId, { reference: intentId }),
    );
    if (isRefusal(settled)) return 'retry';
    const { outcome } = settled;
    if (outcome?.kind !== 'unknown') return 'processed';
    if (outcome.reason === AMOUNT_DIFFERS) return { quarantine: outcome.reason };
    throw new AppError('PROVIDER_UNAVAILABLE', 'The provider could not be asked.');
  }

  private async review({ tenantId, paymentId }: Owner, intentId: string): Promise<InboxVerdict> {
    const reviewed = await this.commands.execute(new ReviewPayment(tenantId, paymentId, intentId));
    if (!isRefusal(reviewed)) return 'processed';
    if (reviewed.refused === 'NOT_FOUND') return 'retry';
    if (reviewed.refused === 'CONFLICT') return { quarantine: reviewed.message };
    throw AppError.from(reviewed);
  }

  /** What was foreign when it was proved, or is since its account was removed. */
  private async foreign(event: InboxEvent): Promise<string | null> {
    const { tenantId, account, livemode, payload } = event;
    if (typeof payload.foreign === 'string') return payload.foreign;
    if (account === null) return foreignTo(this.configured, event);
    const modes = await this.accounts.modes(tenantId, account);
    return modes.includes(livemode) ? null : OTHER_ACCOUNT;
  }

  /** The platform's accounts are shared; those of a tenant tell of its own payments alone. */
  private mayTouch({ tenantId }: InboxEvent, owner: Owner): boolean {
    return tenantId === this.config.platform.tenantId || tenantId === owner.tenantId;
  }

  /** Whose secret signed the bytes: the configured account's, or that of a registered one. */
  private async signer(rawBody: Buffer, signature: string): Promise<Signer | null> {
    const { webhookSecrets } = this.config.stripe;
    if (this.isSigned(rawBody, signature, webhookSecrets)) return this.configured;
    const accounts = await this.accounts.signing();
    return accounts.find(({ secrets }) => this.isSigned(rawBody, signature, secrets)) ?? null;
  }

  /** By any of the secrets that are live now: two of them while one is being replaced. */
  private isSigned(rawBody: Buffer, signature: string, secrets: readonly string[]): boolean {
    const { signature: verifier } = this.stripe.webhooks;
    return secrets.some((secret) => {
      try {
        return verifier?.verifyHeader(rawBody, signature, secret, TOLERANCE_SECONDS) ?? false;
      } catch {
        // Its own error or, for a malformed header, any other: nothing is proved.
        return false;
      }
    });
  }

  private async ownPayment(intentId: string): Promise<Owner | null> {
    const [result] = await this.database.asWorker([
      sql`SELECT tenant_id, payment_id FROM payment_intents
        WHERE provider = 'stripe' AND stripe_intent_id = ${intentId}`,
    ]);
    const row = result?.rows[0];
    return row ? { tenantId: row.tenant_id as Uuid, paymentId: row.payment_id as Uuid } : null;
  }

  /** The fetched object's metadata, believed only where a payment of ours says the same. */
  private async fromMetadata(intentId: string): Promise<Owner | null> {
    const { metadata } = await this.stripe.paymentIntents.retrieve(intentId);
    const { payment_id: paymentId, tenant_id: tenantId, operation_id: operationId } = metadata;
    if (!isUuid(paymentId) || !isUuid(tenantId) || !isUuid(operationId)) return null;
    const [result] = await this.database.asWorker([
      sql`SELECT 1 FROM payment_intents
        WHERE tenant_id = ${tenantId} AND id = ${operationId} AND payment_id = ${paymentId}`,
    ]);
    return result?.rowCount ? { tenantId, paymentId } : null;
  }
}

/** Does the type of an event mean that there may be something to do? */
function isTelling(eventType: string): boolean {
  return TELLING.has(eventType) || REVIEWED.test(eventType);
}

/** Whose secret proved an event; without a tenant the configured account, which is shared. */
type Signer = Pick<VerifiedWebhook, 'account' | 'livemode' | 'tenantId'>;

/** Why an event is not about its signer's money, in its signer's mode. */
function foreignTo(
  signer: Signer,
  { account, livemode }: Pick<VerifiedWebhook, 'account' | 'livemode'>,
): string | null {
  if (account !== null && account !== signer.account) return OTHER_ACCOUNT;
  if (livemode === signer.livemode) return null;
  return livemode ? 'the event is about real money, our key is not' : 'the event is a test’s';
}

interface Owner {
  readonly tenantId: Uuid;
  readonly paymentId: Uuid;
}

const text = z.string().regex(/^[\w.:-]{1,255}$/);

/** What of an event is used; the object itself is fetched. */
const stripeEvent = z.object({
  id: text,
  type: text,
  account: text.nullish(),
  livemode: z.boolean(),
  data: z.object({
    object: z.object({ id: text.optional(), object: text, payment_intent: text.nullish() }),
  }),
});

function eventOf(rawBody: Buffer): Omit<VerifiedWebhook, 'signature'> | null {
  const read = stripeEvent.safeParse(parse(rawBody));
  if (!read.success) return null;
  const { id, type, account, livemode, data } = read.data;
  const { object } = data;
  return {
    eventId: id,
    eventType: type,
    account: account ?? null,
    livemode,
    payload: { intentId: intentOf(object) },
  };
}

/** Which payment an object is about: the intent itself, or what a charge, refund or dispute names. */
function intentOf({ object, id, payment_intent: intent }: StripeObject): string | null {
  return (object === 'payment_intent' ? id : intent) ?? null;
}

type StripeObject = z.infer<typeof stripeEvent>['data']['object'];

function parse(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    return undefined;
  }
}

import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import Stripe from 'stripe';
import { CONFIG, type Config } from '../../../kernel/config/index.js';
import { isRefusal, refuse, type Refusal } from '../../../kernel/errors.js';
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
import { SettlePayment } from '../../commands/settle-payment.js';
import { stripeClient } from './client.js';

/** Older signatures are refused: somebody may have recorded them (docs.stripe.com/webhooks). */
const TOLERANCE_SECONDS = 300;

/** Stripe's events: proved by signature, then used only to know which object to look at. */
@Injectable()
@WebhookProvider('stripe')
export class StripeWebhooks implements InboundWebhookSource, InboundWebhookHandler {
  private readonly stripe: Stripe;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly commands: CommandBus,
  ) {
    this.stripe = stripeClient(config.stripe);
  }

  verify(rawBody: Buffer, headers: IncomingHttpHeaders): VerifiedWebhook | Refusal {
    const signature = headers['stripe-signature'];
    if (typeof signature !== 'string') return badSignature();
    for (const secret of this.config.stripe.webhookSecrets) {
      const event = this.read(rawBody, signature, secret);
      if (event) return verified(event, signature);
    }
    return badSignature();
  }

  async handle({ eventType, payload }: InboxEvent): Promise<InboxVerdict> {
    const intentId = payload.intentId;
    if (!eventType.startsWith('payment_intent.') || typeof intentId !== 'string')
      return 'processed';
    const found = (await this.ownPayment(intentId)) ?? (await this.fromMetadata(intentId));
    if (!found) return 'retry';
    const settled = await this.commands.execute(new SettlePayment(found.tenantId, found.paymentId));
    return isRefusal(settled) ? 'retry' : 'processed';
  }

  private read(rawBody: Buffer, signature: string, secret: string): Stripe.Event | null {
    try {
      return this.stripe.webhooks.constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS);
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
      throw error;
    }
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

interface Owner {
  readonly tenantId: Uuid;
  readonly paymentId: Uuid;
}

function verified(event: Stripe.Event, signature: string): VerifiedWebhook {
  const object = event.data.object as { id?: string; object?: string };
  return {
    eventId: event.id,
    eventType: event.type,
    account: event.account ?? null,
    livemode: event.livemode,
    payload: { intentId: object.object === 'payment_intent' ? (object.id ?? null) : null },
    signature,
  };
}

function badSignature(): Refusal {
  return refuse('INVALID_SIGNATURE', 'The signature does not match the body.');
}

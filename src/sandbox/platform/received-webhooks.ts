import { Webhook } from 'standardwebhooks';
import { type Call, type Reply, Refusal, type Routes } from '../http-router.js';

/** A message as the service understood it. */
export interface ReceivedWebhook {
  /** The event's; the same for every copy. */
  readonly id: string;
  readonly type: string;
  readonly tenantId: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
}

const KEPT = 1_000;

/** The newest messages that an emulated service was sent and could verify, copies included. */
export class ReceivedWebhooks {
  private readonly received: ReceivedWebhook[] = [];
  private readonly verifier: Webhook | undefined;

  /** Without a secret nothing is taken. */
  constructor(secret: string | undefined) {
    this.verifier = secret === undefined ? undefined : new Webhook(secret);
  }

  /** The oldest first. */
  all(): readonly ReceivedWebhook[] {
    return this.received;
  }

  /** `POST path` takes messages, `GET /__emulator/webhooks` shows them. */
  routes(path: string): Routes {
    return {
      [`POST ${path}`]: (call) => this.take(call),
      'GET /__emulator/webhooks': () => ({ status: 200, body: { webhooks: this.received } }),
    };
  }

  private take({ header, text }: Call): Reply {
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    const headers = Object.fromEntries(names.map((name) => [name, header(name) ?? '']));
    if (!this.verifier) throw new Refusal(404, 'NOT_FOUND', 'No webhooks are taken here');
    let message: ReceivedWebhook;
    try {
      message = this.verifier.verify(text, headers) as ReceivedWebhook;
    } catch {
      throw new Refusal(401, 'INVALID_SIGNATURE', 'The signature is not valid');
    }
    const { id, type, tenantId, sequence, data } = message;
    this.received.push({ id, type, tenantId, sequence, data });
    if (this.received.length > KEPT) this.received.shift();
    return { status: 204 };
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { isTransient } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { RebuildPayment } from '../../payments/payments.contract.js';
import type { Claim } from '../domain/provider-line.js';
import { unknownClaims } from './claim-rows.js';
import { Reviews } from './reviews.js';

/** Brings back payments that the provider's account tells of and our tables do not. */
@Injectable()
export class LostPayments {
  private readonly log = new Logger(LostPayments.name);

  constructor(
    private readonly database: Database,
    private readonly commands: CommandBus,
    private readonly reviews: Reviews,
  ) {}

  /** Those whose payments no table of ours knows. */
  async among(claims: readonly Claim[]): Promise<Claim[]> {
    if (claims.length === 0) return [];
    const [found] = await this.database.asWorker([unknownClaims(claims)]);
    const unknown = new Set((found?.rows ?? []).map(({ reference }) => reference as string));
    return claims.filter(({ reference }) => unknown.has(reference));
  }

  /**
   * Answers how many payments were brought back; a refusal where the world around is to blame. What
   * tells of no sale that can be believed stays unknown, and is a difference where it moved money.
   *
   * A place may have been sold, given back and sold again in what is lost: whatever gave one back is
   * brought back before whoever had it next, so that nobody's place seems to be taken.
   */
  async bringBack(claims: readonly Claim[], now: Date): Promise<number | Refusal> {
    for (const tenantId of new Set(claims.map((claim) => claim.tenantId))) {
      const reviewed = await this.reviews.ofDifferences(tenantId, now);
      if (isRefusal(reviewed)) return reviewed;
      const ended = await this.reviews.ofPending(tenantId);
      if (isRefusal(ended)) return ended;
    }
    let broughtBack = 0;
    // Our ids of operations are in the order of time, and the provider's lists are not.
    for (const { reference } of [...claims].sort(byOperation)) {
      const answer = await this.one(reference);
      if (isRefusal(answer)) return answer;
      if (answer) broughtBack += 1;
    }
    return broughtBack;
  }

  private async one(reference: string): Promise<boolean | Refusal> {
    try {
      const answer = await this.commands.execute(new RebuildPayment(reference));
      if (!isRefusal(answer)) return answer === 'rebuilt';
      if (isTransient(answer)) return answer;
      this.log.warn(`the charge ${reference} is of no payment that is known: ${answer.message}`);
    } catch (error) {
      if (isTransient(error)) throw error;
      this.log.error(`the payment of ${reference} could not be brought back: ${String(error)}`);
    }
    return false;
  }
}

function byOperation({ operationId: a }: Claim, { operationId: b }: Claim): number {
  return a < b ? -1 : 1;
}

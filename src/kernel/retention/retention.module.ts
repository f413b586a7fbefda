import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { IDEMPOTENCY_RETENTION } from '../idempotency/retention.js';
import { Retention } from './retention.js';
import { RetentionTurn } from './retention-turn.js';

/** Runs every module's retention rules, and holds those of kernel tables without a module. Needs `Database`. */
@Module({
  imports: [DiscoveryModule],
  providers: [RetentionTurn, Retention, IDEMPOTENCY_RETENTION],
})
export class RetentionModule {}

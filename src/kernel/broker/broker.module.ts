import { Module } from '@nestjs/common';
import { Broker } from './broker.js';

/** Needs the outbox, periodic tasks and readiness checks. */
@Module({ providers: [Broker] })
export class BrokerModule {}

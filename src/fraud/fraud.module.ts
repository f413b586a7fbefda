import { Module } from '@nestjs/common';
import { SignalRetention } from './infra/signal-retention.js';

@Module({ providers: [SignalRetention] })
export class FraudModule {}

import { Module } from '@nestjs/common';
import { SIGNAL_RETENTION } from './infra/signal-retention.js';

@Module({ providers: [SIGNAL_RETENTION] })
export class FraudModule {}

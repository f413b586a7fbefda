import { Module } from '@nestjs/common';
import { RollUp } from './infra/roll-up.js';
import { GetBalancesHandler } from './queries/get-balances.js';
import { GetJournalsHandler } from './queries/get-journals.js';

@Module({ providers: [RollUp, GetBalancesHandler, GetJournalsHandler] })
export class LedgerModule {}

import { Module } from '@nestjs/common';
import { RollUp } from './infra/roll-up.js';
import { GetBalancesHandler } from './queries/get-balances.js';
import { GetCausesHandler } from './queries/get-causes.js';
import { GetJournalsHandler } from './queries/get-journals.js';

@Module({ providers: [RollUp, GetBalancesHandler, GetCausesHandler, GetJournalsHandler] })
export class LedgerModule {}

import { Module } from '@nestjs/common';
import { ChangeSettingsHandler } from './commands/change-settings.js';
import { SettingsController } from './http/settings.controller.js';
import { VenueBalanceController } from './http/venue-balance.controller.js';
import { HttpTicketCatalog } from './infra/http-ticket-catalog.js';
import { KnownVolumes } from './infra/known-volumes.js';
import { SettingsSubjects } from './infra/settings-subjects.js';
import { TicketCatalog } from './infra/ticket-catalog.js';
import { ExplainVenueBalanceHandler } from './queries/explain-venue-balance.js';
import { GetEventDemandHandler } from './queries/get-event-demand.js';
import { GetSettingsHandler } from './queries/get-settings.js';
import { GetVenueBalanceHandler } from './queries/get-venue-balance.js';

@Module({
  controllers: [SettingsController, VenueBalanceController],
  providers: [
    { provide: TicketCatalog, useClass: HttpTicketCatalog },
    KnownVolumes,
    SettingsSubjects,
    ChangeSettingsHandler,
    GetSettingsHandler,
    GetVenueBalanceHandler,
    ExplainVenueBalanceHandler,
    GetEventDemandHandler,
  ],
  exports: [TicketCatalog, KnownVolumes],
})
export class VenuesModule {}

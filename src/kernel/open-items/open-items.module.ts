import { Module } from '@nestjs/common';
import { ListOpenItemsHandler } from './list-open-items.js';
import { OpenItemsGauge } from './open-items-gauge.js';
import { OpenItemsController } from './open-items.controller.js';
import { ResolveOpenItemHandler } from './resolve-open-item.js';

/**
 * Shows and resolves what waits for a human; whoever opens or closes items needs no more than
 * `openItem` and `closeItem`. Needs `Database` and `PeriodicTasks`.
 */
@Module({
  controllers: [OpenItemsController],
  providers: [ListOpenItemsHandler, ResolveOpenItemHandler, OpenItemsGauge],
})
export class OpenItemsModule {}

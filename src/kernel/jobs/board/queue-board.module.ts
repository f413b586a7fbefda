import { Module } from '@nestjs/common';
import { ServiceInfo } from '../../observability/health/service-info.js';
import { ListQueuesHandler } from './list-queues.js';
import { BOARD_PATH } from './queue-board.js';
import { QueueGauge } from './queue-gauge.js';
import { QueuesController } from './queues.controller.js';

/** What waits in the queues, for people and for Prometheus. */
@Module({ controllers: [QueuesController], providers: [ListQueuesHandler, QueueGauge] })
export class QueueBoardModule {
  constructor(info: ServiceInfo) {
    info.declare({ queueDashboard: BOARD_PATH });
  }
}

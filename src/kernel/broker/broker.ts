import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { PeriodicTasks } from '../jobs/periodic.js';
import { ReadinessChecks } from '../observability/health/readiness-checks.js';
import { Forwarding, OUTBOX_FORWARDING } from '../outbox/forwarding.js';
import { BrokerConnection } from './broker-connection.js';
import { BrokerPublisher } from './broker-publisher.js';

/**
 * Carries events to RabbitMQ when `AMQP_URL` is set, from processes that do background work. All of
 * them need the same setting: one without it regards an event as done when its subscribers have it.
 */
@Injectable()
export class Broker implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private connection: BrokerConnection | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly forwarding: Forwarding,
    private readonly tasks: PeriodicTasks,
    private readonly readiness: ReadinessChecks,
  ) {}

  onModuleInit(): void {
    const { broker, role } = this.config;
    if (!broker || role === 'api') return;
    const connection = new BrokerConnection(broker.url, broker.exchange, () => {
      this.tasks.nudge(OUTBOX_FORWARDING);
    });
    this.connection = connection;
    this.forwarding.use(new BrokerPublisher(connection, broker.exchange));
    this.readiness.register({
      name: 'broker',
      critical: false,
      check: () =>
        connection.channel
          ? Promise.resolve({ exchange: broker.exchange })
          : Promise.reject(new Error('nothing can be published')),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.connection?.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.close();
  }
}

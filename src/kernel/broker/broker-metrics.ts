import { Counter, Gauge } from 'prom-client';
import { registry } from '../observability/metrics.js';

const registers = [registry];

export const brokerUp = new Gauge({
  name: 'broker_up',
  help: 'Whether this process can publish to the message broker now: 1 or 0',
  registers,
});

export const brokerPublished = new Counter({
  name: 'broker_published_total',
  help: 'Events that the message broker has confirmed',
  registers,
});

export const brokerUnconfirmed = new Gauge({
  name: 'broker_unconfirmed',
  help: 'Events sent to the message broker that it has not confirmed yet',
  registers,
});

export const brokerUnrouted = new Counter({
  name: 'broker_unrouted_total',
  help: 'Events that the message broker confirmed although no queue was bound to them',
  registers,
});

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { variables } from '../../src/kernel/config/variables.js';

type Environment = Readonly<Record<string, string>>;
interface Service {
  readonly profiles?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Environment;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly stop_grace_period?: string;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const FOLDER = path.resolve('docker');
const text = (file: string) => readFileSync(path.join(FOLDER, file), 'utf8');
const compose = parse(text('compose.yaml'), { merge: true }) as Compose;
const known = new Set(Object.keys(variables.shape));

/** What does not fit together in a compose file of ours. */
function faultsOf({ services, volumes }: Compose): string[] {
  return Object.entries(services).flatMap(([name, service]) => [
    ...(service.profiles?.length ? [] : [`${name} is in no profile`]),
    ...(service.build ? Object.keys(service.environment ?? {}) : [])
      .filter((key) => !known.has(key))
      .map((key) => `the application knows no ${key}`),
    ...Object.entries(service.depends_on ?? {}).flatMap(([other, { condition }]) => {
      const missing = (service.profiles ?? []).filter(
        (profile) => !services[other]?.profiles?.includes(profile),
      );
      const unknowable = condition === 'service_healthy' && !services[other]?.healthcheck;
      return [
        ...missing.map((profile) => `${name} needs ${other}, which is not in ${profile}`),
        ...(unknowable ? [`${other} has no health check`] : []),
      ];
    }),
    ...(service.volumes ?? [])
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((source) => !(source in volumes) && !existsSync(path.join(FOLDER, source)))
      .map((source) => `${name} mounts ${source}, which is not there`),
    ...(service.ports ?? [])
      .filter((port) => !port.startsWith('127.0.0.1:') && port !== '3005:3005')
      .map((port) => `${name} is reachable from outside at ${port}`),
  ]);
}

const inProfile = (profile: string) =>
  Object.entries(compose.services)
    .filter(([, { profiles }]) => profiles?.includes(profile))
    .map(([name]) => name)
    .sort();

describe('the compose file', () => {
  it('fits together', () => {
    expect(faultsOf(compose)).toEqual([]);
  });

  it('has a small and a full profile', () => {
    expect(inProfile('core')).toEqual(['app', 'migrate', 'postgres']);
    expect(inProfile('full')).toEqual(
      'api grafana migrate postgres prometheus rabbitmq redis worker'.split(' '),
    );
  });

  it('leaves a process longer to end than the process takes by itself', () => {
    const limit = variables.shape.SHUTDOWN_TIMEOUT_MS.parse(undefined);
    for (const name of ['app', 'api', 'worker']) {
      const grace = /^(\d+)s$/.exec(compose.services[name]?.stop_grace_period ?? '')?.[1];
      expect(Number(grace) * 1_000).toBeGreaterThan(limit + 2_000);
    }
  });

  it('lets Prometheus ask each process of ours where it shows its metrics', () => {
    const { scrape_configs } = parse(text('prometheus/prometheus.yaml')) as {
      scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
    };
    const [asked] = scrape_configs.flatMap(({ dns_sd_configs }) => dns_sd_configs);
    expect(asked?.names).toEqual(['api', 'worker']);
    for (const name of asked?.names ?? []) {
      expect(compose.services[name]?.environment).toMatchObject({
        ROLE: name,
        METRICS_HOST: '0.0.0.0',
        METRICS_PORT: asked?.port,
      });
    }
  });
});

describe("RabbitMQ's definitions", () => {
  const { users, queues, exchanges, bindings } = JSON.parse(text('rabbitmq/definitions.json')) as {
    readonly users: readonly { readonly name: string; readonly password_hash: string }[];
    readonly queues: readonly { readonly name: string; readonly arguments: Environment }[];
    readonly exchanges: readonly { readonly name: string; readonly type: string }[];
    readonly bindings: readonly { readonly source: string; readonly destination: string }[];
  };

  it('let in whom the application comes as', () => {
    const { username, password } = new URL(compose.services.api?.environment?.AMQP_URL ?? '');
    const user = users.find(({ name }) => name === username);
    const hash = Buffer.from(user?.password_hash ?? '', 'base64');
    const salt = hash.subarray(0, 4);
    const salted = createHash('sha256').update(salt).update(password).digest();
    expect(hash.subarray(4).equals(salted)).toBe(true);
  });

  it('have the exchange that events are published to', () => {
    const name = variables.shape.AMQP_EXCHANGE.parse(undefined);
    expect(exchanges).toContainEqual(expect.objectContaining({ name, type: 'topic' }));
  });

  it('have only quorum queues, each bound to an exchange that exists', () => {
    for (const { name, arguments: options } of queues) {
      expect(options['x-queue-type']).toBe('quorum');
      const sources = bindings.filter((b) => b.destination === name).map(({ source }) => source);
      expect(sources.length).toBeGreaterThan(0);
      expect(exchanges.map((exchange) => exchange.name)).toEqual(expect.arrayContaining(sources));
      const dead = options['x-dead-letter-exchange'];
      if (dead) expect(exchanges.map((exchange) => exchange.name)).toContain(dead);
    }
  });
});

describe('the check', () => {
  const full = { profiles: ['full'] };
  it.each<[string, Compose['services'], string]>([
    ['a service of no profile', { a: {} }, 'a is in no profile'],
    [
      'a variable that the application does not know',
      { a: { ...full, build: { context: '.', dockerfile: 'x' }, environment: { REDIS: 'x' } } },
      'knows no REDIS',
    ],
    [
      'a dependency of another profile',
      {
        a: { ...full, depends_on: { b: { condition: 'service_started' } } },
        b: { profiles: ['core'] },
      },
      'a needs b, which is not in full',
    ],
    [
      'a dependency that cannot be healthy',
      { a: { ...full, depends_on: { b: { condition: 'service_healthy' } } }, b: full },
      'b has no health check',
    ],
    ['a file that is not there', { a: { ...full, volumes: ['./gone:/gone:ro'] } }, 'mounts ./gone'],
    ['an open door', { a: { ...full, ports: ['6379:6379'] } }, 'reachable from outside'],
  ])('finds %s', (_, services, fault) => {
    expect(faultsOf({ services, volumes: {} }).join()).toContain(fault);
  });
});

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { faultsOf } from '../support/manifest-faults.js';
import { type Kustomization, type Manifest, readKustomization } from '../support/manifests.js';

const FOLDER = path.resolve('docker/k8s');

/** What a secret store would hold; of no use anywhere. */
const SECRETS = {
  DATABASE_URL: 'postgres://payments:of-no-use@postgres:5432/payments',
  JWT_PUBLIC_KEY: generateKeyPairSync('rsa', { modulusLength: 2048 })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString(),
  INTERNAL_SERVICE_SECRETS: 'ticket-service:0123456789abcdef',
  QUOTE_TOKEN_SECRET: '0123456789abcdef',
  QUEUE_TOKEN_SECRET: '0123456789abcdef',
  VAULT_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  PURCHASE_LIMIT_SECRET: '0123456789abcdef',
  STRIPE_SECRET_KEY: 'sk_test_of_no_use',
  STRIPE_WEBHOOK_SECRET: 'whsec_of_no_use',
  REDIS_URL: 'redis://redis:6379',
  AMQP_URL: 'amqp://rabbitmq:5672',
};

describe('the manifests', () => {
  it('fit each other and the configuration that the application reads', () => {
    expect(faultsOf(readKustomization(FOLDER), SECRETS)).toEqual([]);
  });

  it('are everything that a deployment needs', () => {
    const kinds = readKustomization(FOLDER).manifests.map(
      ({ kind, metadata }) => `${kind} ${metadata.name}`,
    );
    expect(kinds.sort()).toEqual([
      'ConfigMap payments-config',
      'Deployment payments-api',
      'Deployment payments-worker',
      'HorizontalPodAutoscaler payments-api',
      'HorizontalPodAutoscaler payments-worker',
      'Job payments-migrate',
      'Namespace tickettoken-payments',
      'PodDisruptionBudget payments-api',
      'PodDisruptionBudget payments-worker',
      'Service payments',
    ]);
  });
});

/** A deep copy whose members may be changed, member by member as a text editor would. */
type Draft = Record<string, unknown> & { [key: string]: Draft };
type Change = (named: (name: string) => Draft, all: Draft) => void;

function changed(change: Change): Kustomization {
  const copy = structuredClone(readKustomization(FOLDER));
  const named = (name: string) => {
    const [kind, own] = name.split(' ');
    const fits = (m: Manifest) => m.kind === kind && m.metadata.name === own;
    const found = [...copy.manifests, copy.secret].find(fits);
    if (!found) throw new Error(`there is no ${name}`);
    return found as unknown as Draft;
  };
  change(named, copy as unknown as Draft);
  return copy;
}

/** The member at `keys`, separated by dots. */
function at(draft: Draft, keys: string): Draft {
  return keys.split('.').reduce<Draft>((inner, key) => inner[key] as Draft, draft);
}

const API = 'Deployment payments-api';
const MAIN = 'spec.template.spec.containers.0';
const CONFIG = 'ConfigMap payments-config';

describe('the check', () => {
  const bad: readonly [string, Change, string][] = [
    [
      'a resource that does not exist',
      (_, all) => (all.resources = ['gone.yaml'] as never),
      'there is no gone.yaml',
    ],
    [
      'a file that is not listed',
      (_, all) => (all.resources = [] as never),
      'api.yaml is not listed',
    ],
    [
      'an API that has no such kind',
      (named) => (named(API).apiVersion = 'v1' as never),
      'v1 has no Deployment',
    ],
    [
      'a namespace that nobody makes',
      (_, all) => (all.namespace = 'other' as never),
      'no namespace other',
    ],
    [
      'a variable that the application does not know',
      (named) => (at(named(CONFIG), 'data').PORTS = '1' as never),
      'knows no PORTS',
    ],
    [
      'a key of the secret that the application does not know',
      (named) => (at(named('Secret payments-secret'), 'stringData').STRIPE_KEY = '' as never),
      'knows no STRIPE_KEY',
    ],
    [
      'a required variable that stands nowhere',
      (named) => delete at(named(CONFIG), 'data').JWT_ISSUER,
      'JWT_ISSUER is missing',
    ],
    [
      'a required secret that stands nowhere',
      (named) => delete at(named('Secret payments-secret'), 'stringData').VAULT_KEYS,
      'VAULT_KEYS is missing',
    ],
    [
      'a value that the application refuses',
      (named) => (at(named(CONFIG), 'data').PUBLIC_BASE_URL = 'payments' as never),
      'PUBLIC_BASE_URL must be',
    ],
    [
      'a usable secret',
      (named) => (at(named('Secret payments-secret'), 'stringData').VAULT_KEYS = 'k1:x' as never),
      'VAULT_KEYS has a value',
    ],
    [
      'a secret in the config map',
      (named) => (at(named(CONFIG), 'data').STRIPE_SECRET_KEY = 'sk' as never),
      'STRIPE_SECRET_KEY is a secret',
    ],
    [
      'a number that Kubernetes would refuse as a value',
      (named) => (at(named(CONFIG), 'data').CATALOG_CACHE_MS = 5_000 as never),
      'CATALOG_CACHE_MS is no text',
    ],
    [
      'a config map that does not exist',
      (named) => (at(named(API), `${MAIN}.envFrom.0.configMapRef`).name = 'other' as never),
      'reads no config map',
    ],
    [
      'a secret that does not exist',
      (named) =>
        (at(named('Job payments-migrate'), `${MAIN}.envFrom.1.secretRef`).name = 'x' as never),
      'reads no secret',
    ],
    [
      'another image',
      (named) => (at(named('Job payments-migrate'), MAIN).image = 'other' as never),
      'images differ',
    ],
    ['no release', (_, all) => (at(all, 'images.0').newTag = 'latest' as never), 'no release'],
    [
      'a selector that misses its pods',
      (named) =>
        (at(named(API), 'spec.selector.matchLabels')['app.kubernetes.io/component'] =
          'web' as never),
      'does not select its own pods',
    ],
    [
      'a service that leads to another port',
      (named) => (at(named('Service payments'), 'spec.ports.0').targetPort = 'web' as never),
      'leads to no port web',
    ],
    [
      'a port that the application does not listen on',
      (named) => (at(named(API), `${MAIN}.ports.0`).containerPort = 8_080 as never),
      'listens on other ports',
    ],
    [
      'a probe of another path',
      (named) => (at(named(API), `${MAIN}.readinessProbe.httpGet`).path = '/health' as never),
      'not probed at /health/ready',
    ],
    [
      'a pod that is killed too early',
      (named) => (at(named(API), 'spec.template.spec').terminationGracePeriodSeconds = 30 as never),
      'killed before it has ended',
    ],
    [
      'a pod that may be root',
      (named) =>
        (at(named(API), 'spec.template.spec.securityContext').runAsNonRoot = false as never),
      'may run as root',
    ],
    [
      'a container that may write to its image',
      (named) =>
        (at(named(API), `${MAIN}.securityContext`).readOnlyRootFilesystem = false as never),
      'may write to its image',
    ],
    [
      'a container without bounds',
      (named) => delete at(named(API), `${MAIN}.resources.limits`).memory,
      'has no bounds',
    ],
    [
      'a process without a role',
      (named) => (at(named(API), MAIN).env = [] as never),
      'payments-api has no role',
    ],
    [
      'a budget that lets no node be drained',
      (named) => (at(named('PodDisruptionBudget payments-api'), 'spec').minAvailable = 2 as never),
      'lets no node be drained',
    ],
    [
      'a budget of nothing',
      (named) =>
        (at(named('PodDisruptionBudget payments-api'), 'spec.selector.matchLabels').tier =
          'x' as never),
      'not of one deployment',
    ],
    [
      'a deployment that fixes its replicas',
      (named) => (at(named(API), 'spec').replicas = 2 as never),
      'does not scale alone',
    ],
    [
      'a scaler of nothing',
      (named) =>
        (at(named('HorizontalPodAutoscaler payments-api'), 'spec.scaleTargetRef').name =
          'x' as never),
      'payments-api scales nothing',
    ],
  ];

  it.each(bad)('finds %s', (_, change, fault) => {
    expect(faultsOf(changed(change), SECRETS).join('\n')).toContain(fault);
  });
});

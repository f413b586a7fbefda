import { isDeepStrictEqual } from 'node:util';
import { loadConfig } from '../../src/kernel/config/index.js';
import { ConfigError } from '../../src/kernel/config/config.js';
import { variables } from '../../src/kernel/config/variables.js';
import type { Container, Kustomization, Manifest, Of, PodTemplate } from './manifests.js';

type Labels = Readonly<Record<string, string>>;
type Environment = Readonly<Record<string, string>>;

const API_VERSIONS: Readonly<Record<Manifest['kind'], string>> = {
  Namespace: 'v1',
  ConfigMap: 'v1',
  Secret: 'v1',
  Service: 'v1',
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  PodDisruptionBudget: 'policy/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
};
/** Tracing sends what is left before the process ends. */
const FLUSH_SECONDS = 2;

/**
 * What is wrong with the manifests: lists, references, selectors, ports, and what the application
 * would say of its configuration. `secrets` are usable values for the keys of the secret.
 */
export function faultsOf(kustomization: Kustomization, secrets: Environment): string[] {
  return [
    ...listFaults(kustomization),
    ...configFaults(kustomization, secrets),
    ...referenceFaults(kustomization),
    ...imageFaults(kustomization),
    ...pods(kustomization).flatMap(([name, pod]) => podFaults(name, pod)),
    ...ofKind(kustomization, 'Deployment').flatMap((own) => deploymentFaults(kustomization, own)),
    ...targetFaults(kustomization),
  ];
}

function ofKind<Kind extends Manifest['kind']>({ manifests }: Kustomization, kind: Kind) {
  return manifests.filter((manifest): manifest is Of<Kind> => manifest.kind === kind);
}

function pods(kustomization: Kustomization): [string, PodTemplate][] {
  const owners = [...ofKind(kustomization, 'Deployment'), ...ofKind(kustomization, 'Job')];
  return owners.map(({ metadata, spec }) => [metadata.name, spec.template]);
}

const containersOf = ({ spec }: PodTemplate): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];

function listFaults({ resources, files, manifests, namespace, secret }: Kustomization): string[] {
  const all = [...manifests, secret];
  const names = all.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return [
    ...resources.filter((file) => !files.includes(file)).map((file) => `there is no ${file}`),
    ...files.filter((file) => !resources.includes(file)).map((file) => `${file} is not listed`),
    ...all
      .filter(({ kind, apiVersion }) => API_VERSIONS[kind] !== apiVersion)
      .map(({ kind, apiVersion }) => `${apiVersion} has no ${kind}`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} twice`),
    ...(names.includes(`Namespace ${namespace}`) ? [] : [`no namespace ${namespace}`]),
    ...(secret.metadata.namespace === namespace ? [] : ['the secret is in another namespace']),
    ...manifests.filter(({ kind }) => kind === 'Secret').map(() => 'a secret would be applied'),
  ];
}

function configFaults(kustomization: Kustomization, secrets: Environment): string[] {
  const config = Object.assign(
    {},
    ...ofKind(kustomization, 'ConfigMap').map((c) => c.data),
  ) as Labels;
  const { stringData } = kustomization.secret;
  const known = new Set(Object.keys(variables.shape));
  const env = Object.fromEntries(Object.keys(stringData).map((key) => [key, secrets[key] ?? '']));
  const shouldHide = Object.keys(config).filter(isSecret);
  return [
    ...[...Object.keys(config), ...Object.keys(stringData)]
      .filter((key) => !known.has(key))
      .map((key) => `the application knows no ${key}`),
    ...shouldHide.map((key) => `${key} is a secret and stands in the config map`),
    ...Object.keys(stringData)
      .filter((key) => key in config)
      .map((key) => `${key} stands in both`),
    ...Object.entries(stringData)
      .filter(([, value]) => value !== '')
      .map(([key]) => `${key} has a value in the template`),
    ...Object.entries(config)
      .filter(([, value]) => typeof value !== 'string')
      .map(([key]) => `${key} is no text`),
    ...problemsOf({ ...config, ...env }),
  ];
}

function isSecret(key: string): boolean {
  const schema = (variables.shape as Record<string, { meta(): { secret?: unknown } | undefined }>)[
    key
  ];
  return schema?.meta()?.secret === true;
}

function problemsOf(env: Environment): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable, problem }) => `${variable} ${problem}`);
  }
}

function referenceFaults(kustomization: Kustomization): string[] {
  const configs = new Set(ofKind(kustomization, 'ConfigMap').map(({ metadata }) => metadata.name));
  const secret = kustomization.secret.metadata.name;
  return pods(kustomization).flatMap(([name, pod]) =>
    containersOf(pod).flatMap(({ envFrom }) => {
      const config = envFrom.find(({ configMapRef }) => configs.has(configMapRef?.name ?? ''));
      const hidden = envFrom.find(({ secretRef }) => secretRef?.name === secret);
      return [
        ...(config ? [] : [`${name} reads no config map that exists`]),
        ...(hidden ? [] : [`${name} reads no secret that exists`]),
      ];
    }),
  );
}

function imageFaults(kustomization: Kustomization): string[] {
  const images = pods(kustomization).flatMap(([, pod]) => containersOf(pod).map((c) => c.image));
  const [own] = kustomization.images;
  return [
    ...(new Set(images).size === 1 ? [] : [`images differ: ${images.join(', ')}`]),
    ...(own && images.includes(own.name) ? [] : ['the kustomization names another image']),
    ...(own && /^[\w.-]+$/.test(own.newTag) && own.newTag !== 'latest' ? [] : ['no release named']),
  ];
}

function podFaults(name: string, pod: PodTemplate): string[] {
  return [
    ...(pod.spec.securityContext.runAsNonRoot ? [] : [`${name} may run as root`]),
    ...containersOf(pod).flatMap(({ name: container, securityContext, resources }) => {
      const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = securityContext;
      const closed = !allowPrivilegeEscalation && capabilities.drop.includes('ALL');
      const bounded =
        resources.requests.cpu && resources.requests.memory && resources.limits.memory;
      return [
        ...(closed ? [] : [`${name}/${container} keeps privileges`]),
        ...(readOnlyRootFilesystem ? [] : [`${name}/${container} may write to its image`]),
        ...(bounded ? [] : [`${name}/${container} has no bounds`]),
      ];
    }),
  ];
}

function deploymentFaults(kustomization: Kustomization, own: Of<'Deployment'>): string[] {
  const { template, selector } = own.spec;
  const { name } = own.metadata;
  const [config] = ofKind(kustomization, 'ConfigMap');
  const [main] = template.spec.containers;
  const preStop = Number(main?.lifecycle?.preStop.exec.command[1] ?? 0);
  const takes = preStop + Number(config?.data.SHUTDOWN_TIMEOUT_MS) / 1_000 + FLUSH_SECONDS;
  const spread = template.spec.topologySpreadConstraints?.map((c) => c.labelSelector.matchLabels);
  const ports = Object.fromEntries((main?.ports ?? []).map((p) => [p.name, p.containerPort]));
  const expected = { http: Number(config?.data.PORT), metrics: Number(config?.data.METRICS_PORT) };
  const role = main?.env?.find((variable) => variable.name === 'ROLE')?.value ?? '';
  const probes: [string | undefined, string | undefined, string][] = [
    [main?.startupProbe?.httpGet.path, main?.startupProbe?.httpGet.port, '/health/live'],
    [main?.livenessProbe?.httpGet.path, main?.livenessProbe?.httpGet.port, '/health/live'],
    [main?.readinessProbe?.httpGet.path, main?.readinessProbe?.httpGet.port, '/health/ready'],
  ];
  return [
    ...(selects(selector.matchLabels, template) ? [] : [`${name} does not select its own pods`]),
    ...(spread?.every((labels) => isDeepStrictEqual(labels, selector.matchLabels))
      ? []
      : [`${name} does not spread its pods`]),
    ...((template.spec.terminationGracePeriodSeconds ?? 30) > takes
      ? []
      : [`${name} is killed before it has ended`]),
    ...(isDeepStrictEqual(ports, expected) ? [] : [`${name} listens on other ports`]),
    ...(['api', 'worker'].includes(role) ? [] : [`${name} has no role`]),
    ...probes
      .filter(([path, port, wanted]) => path !== wanted || port !== 'http')
      .map(([, , wanted]) => `${name} is not probed at ${wanted}`),
  ];
}

function targetFaults(kustomization: Kustomization): string[] {
  const deployments = ofKind(kustomization, 'Deployment');
  const scalers = ofKind(kustomization, 'HorizontalPodAutoscaler');
  const chosen = (labels: Labels) =>
    deployments.filter(({ spec }) => selects(labels, spec.template));
  return [
    ...ofKind(kustomization, 'Service').flatMap(({ metadata, spec }) => {
      const [target] = chosen(spec.selector);
      const ports = target?.spec.template.spec.containers.flatMap((c) => c.ports ?? []) ?? [];
      return spec.ports
        .filter(({ targetPort }) => !ports.some(({ name }) => name === targetPort))
        .map(({ targetPort }) => `the service ${metadata.name} leads to no port ${targetPort}`);
    }),
    ...ofKind(kustomization, 'PodDisruptionBudget').flatMap(({ metadata, spec }) => {
      const [target, ...others] = chosen(spec.selector.matchLabels);
      if (!target || others.length > 0)
        return [`the budget ${metadata.name} is not of one deployment`];
      const scaler = scalers.find((own) => own.spec.scaleTargetRef.name === target.metadata.name);
      const stays = spec.minAvailable < (scaler?.spec.minReplicas ?? 0);
      return stays ? [] : [`the budget ${metadata.name} lets no node be drained`];
    }),
    ...scalers.flatMap(({ metadata, spec: { scaleTargetRef, minReplicas, maxReplicas } }) => {
      const target = deployments.find((own) => own.metadata.name === scaleTargetRef.name);
      if (!target) return [`${metadata.name} scales nothing`];
      // Each apply would undo what the scaler has done.
      if (target.spec.replicas !== undefined) return [`${metadata.name} does not scale alone`];
      return minReplicas < maxReplicas ? [] : [`${metadata.name} has no room to scale`];
    }),
    ...deployments
      .filter(
        ({ metadata }) => !scalers.some((own) => own.spec.scaleTargetRef.name === metadata.name),
      )
      .map(({ metadata }) => `nothing scales ${metadata.name}`),
  ];
}

function selects(labels: Labels, { metadata }: PodTemplate): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels[key] === value);
}

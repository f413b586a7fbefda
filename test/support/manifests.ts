import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

type Labels = Readonly<Record<string, string>>;
interface Named {
  readonly name: string;
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface Container extends Named {
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom: readonly { readonly configMapRef?: Named; readonly secretRef?: Named }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: string[] } } };
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly securityContext: {
    readonly allowPrivilegeEscalation: boolean;
    readonly readOnlyRootFilesystem: boolean;
    readonly capabilities: { readonly drop: readonly string[] };
  };
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly restartPolicy?: string;
    readonly terminationGracePeriodSeconds?: number;
    readonly securityContext: { readonly runAsNonRoot: boolean };
    readonly topologySpreadConstraints?: readonly {
      readonly labelSelector: { readonly matchLabels: Labels };
    }[];
    readonly initContainers?: readonly Container[];
    readonly containers: readonly Container[];
  };
}

interface Meta {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}
export type Manifest = Meta &
  (
    | { readonly kind: 'Namespace'; readonly apiVersion: string }
    | { readonly kind: 'ConfigMap'; readonly apiVersion: string; readonly data: Labels }
    | { readonly kind: 'Secret'; readonly apiVersion: string; readonly stringData: Labels }
    | {
        readonly kind: 'Job';
        readonly apiVersion: string;
        readonly spec: { template: PodTemplate };
      }
    | {
        readonly kind: 'Deployment';
        readonly apiVersion: string;
        readonly spec: {
          readonly replicas?: number;
          readonly selector: { readonly matchLabels: Labels };
          readonly template: PodTemplate;
        };
      }
    | {
        readonly kind: 'Service';
        readonly apiVersion: string;
        readonly spec: {
          readonly selector: Labels;
          readonly ports: readonly { readonly targetPort: string }[];
        };
      }
    | {
        readonly kind: 'PodDisruptionBudget';
        readonly apiVersion: string;
        readonly spec: {
          readonly minAvailable: number;
          readonly selector: { readonly matchLabels: Labels };
        };
      }
    | {
        readonly kind: 'HorizontalPodAutoscaler';
        readonly apiVersion: string;
        readonly spec: {
          readonly scaleTargetRef: { readonly kind: string; readonly name: string };
          readonly minReplicas: number;
          readonly maxReplicas: number;
        };
      }
  );

export type Of<Kind extends Manifest['kind']> = Extract<Manifest, { kind: Kind }>;

/** A folder for `kubectl apply -k`, and the template of the secret beside it. */
export interface Kustomization {
  readonly namespace: string;
  readonly images: readonly (Named & { readonly newName: string; readonly newTag: string })[];
  /** As listed. */
  readonly resources: readonly string[];
  /** The other YAML files of the folder. */
  readonly files: readonly string[];
  readonly manifests: readonly Manifest[];
  readonly secret: Of<'Secret'>;
}

const OWN = 'kustomization.yaml';
const TEMPLATE = 'secret.template.yaml';

/** Reads the folder as `kubectl` would: what is not listed is not there. */
export function readKustomization(folder: string): Kustomization {
  const text = (file: string) => readFileSync(path.join(folder, file), 'utf8');
  const own = parse(text(OWN)) as Omit<Kustomization, 'files' | 'manifests' | 'secret'>;
  const files = readdirSync(folder).filter((file) => file !== OWN && file !== TEMPLATE);
  const listed = own.resources.filter((file) => files.includes(file));
  return {
    ...own,
    files,
    manifests: listed.flatMap((file) => manifestsOf(text(file))),
    secret: manifestsOf(text(TEMPLATE))[0] as Of<'Secret'>,
  };
}

function manifestsOf(text: string): Manifest[] {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS() as Manifest;
  });
}

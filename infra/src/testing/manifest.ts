import { Testing } from 'cdk8s';
import type { App, Chart } from 'cdk8s';
import { giroApp } from '../app.js';
import { parseConfig } from '../config.js';
import type { InfraConfigInput } from '../config.js';

/** The parts of the synthesized objects that tests look at. */
export type Manifest = DeploymentManifest | ServiceManifest | ClaimManifest;

type Labels = Record<string, string>;

interface ObjectManifest<Kind extends string, Spec> {
  kind: Kind;
  metadata: { name: string; labels: Labels };
  spec: Spec;
}

export type DeploymentManifest = ObjectManifest<
  'Deployment',
  {
    replicas: number;
    strategy: { type: string; rollingUpdate?: { maxSurge: number; maxUnavailable: number } };
    selector: { matchLabels: Labels };
    template: { metadata: { labels: Labels }; spec: PodSpec };
  }
>;

export type ServiceManifest = ObjectManifest<
  'Service',
  {
    type: string;
    selector: Labels;
    ports: { name: string; port: number; targetPort: number | string; nodePort: number; protocol: string }[];
  }
>;

export type ClaimManifest = ObjectManifest<
  'PersistentVolumeClaim',
  {
    accessModes: string[];
    storageClassName?: string;
    resources: { requests: { storage: string } };
  }
>;

export interface PodSpec {
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  hostNetwork: boolean;
  terminationGracePeriodSeconds: number;
  securityContext: {
    runAsUser: number;
    runAsGroup: number;
    runAsNonRoot: boolean;
    fsGroup: number;
    fsGroupChangePolicy: string;
    seccompProfile: { type: string };
  };
  containers: ContainerManifest[];
  volumes: {
    name: string;
    emptyDir?: { sizeLimit: string };
    persistentVolumeClaim?: { claimName: string };
  }[];
}

export interface ContainerManifest {
  name: string;
  image: string;
  imagePullPolicy: string;
  env: { name: string; value: string }[];
  ports: { name: string; containerPort: number }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: {
    runAsUser: number;
    runAsGroup: number;
    runAsNonRoot: boolean;
    readOnlyRootFilesystem: boolean;
    allowPrivilegeEscalation: boolean;
    privileged: boolean;
    capabilities: { drop: string[] };
  };
  volumeMounts: { name: string; mountPath: string }[];
  startupProbe: ProbeManifest;
  readinessProbe: ProbeManifest;
  livenessProbe: ProbeManifest;
}

export interface ProbeManifest {
  grpc?: { port: number; service: string };
  httpGet?: { path: string; port: number };
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
}

/** Every object of the app that an environment's settings make. */
export function environmentManifests(environment: InfraConfigInput): Manifest[] {
  return appManifests(giroApp(parseConfig(environment)));
}

function appManifests(app: App): Manifest[] {
  return app.charts.flatMap(chartManifests);
}

export function chartManifests(chart: Chart): Manifest[] {
  return Testing.synth(chart) as Manifest[];
}

export function ofKind<Kind extends Manifest['kind']>(
  manifests: readonly Manifest[],
  kind: Kind,
): Extract<Manifest, { kind: Kind }>[] {
  return manifests.filter(
    (manifest): manifest is Extract<Manifest, { kind: Kind }> => manifest.kind === kind,
  );
}

/** The one object of a kind; fails when there are none or several. */
export function onlyOfKind<Kind extends Manifest['kind']>(
  manifests: readonly Manifest[],
  kind: Kind,
): Extract<Manifest, { kind: Kind }> {
  const [only, ...others] = ofKind(manifests, kind);
  if (only === undefined || others.length > 0) throw new Error(`expected exactly one ${kind}`);
  return only;
}

/** The one container of a Deployment; fails when there are several. */
export function onlyContainer(deployment: DeploymentManifest): ContainerManifest {
  const [only, ...others] = deployment.spec.template.spec.containers;
  if (only === undefined || others.length > 0)
    throw new Error(`expected one container in ${deployment.metadata.name}`);
  return only;
}

export function environmentVariables(container: ContainerManifest): Record<string, string> {
  return Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
}

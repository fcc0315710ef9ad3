import { Testing } from 'cdk8s';
import type { App, Chart } from 'cdk8s';
import { giroApp } from '../app.js';
import { parseConfig } from '../config.js';
import type { InfraConfigInput } from '../config.js';

/** The parts of the synthesized objects that tests look at. */
export type Manifest =
  | DeploymentManifest
  | ServiceManifest
  | ClaimManifest
  | BudgetManifest
  | AutoscalerManifest
  | NetworkPolicyManifest
  | MonitorManifest
  | CronJobManifest
  | PrometheusRuleManifest
  | OtherManifest;

type Labels = Record<string, string>;

interface ObjectManifest<Kind extends string, Spec> {
  apiVersion: string;
  kind: Kind;
  metadata: { name: string; namespace?: string; labels: Labels };
  spec: Spec;
}

export type DeploymentManifest = ObjectManifest<
  'Deployment',
  {
    replicas?: number;
    strategy: { type: string; rollingUpdate?: { maxSurge: number; maxUnavailable: number } };
    selector: { matchLabels: Labels };
    template: { metadata: { labels: Labels }; spec: PodSpec };
  }
>;

export type ServiceManifest = ObjectManifest<
  'Service',
  {
    type: string;
    clusterIP?: string;
    selector: Labels;
    ports: { name: string; port: number; targetPort: number | string; nodePort: number; protocol: string }[];
  }
>;

export type BudgetManifest = ObjectManifest<
  'PodDisruptionBudget',
  { maxUnavailable: number; selector: { matchLabels: Labels } }
>;

export type AutoscalerManifest = ObjectManifest<
  'HorizontalPodAutoscaler',
  { scaleTargetRef: { kind: string; name: string }; minReplicas: number; maxReplicas: number }
>;

interface PolicyRule {
  from?: object[];
  to?: object[];
  ports: { port: number; protocol: string }[];
}

export type NetworkPolicyManifest = ObjectManifest<
  'NetworkPolicy',
  {
    podSelector: { matchLabels?: Labels };
    policyTypes: string[];
    ingress?: PolicyRule[];
    egress?: PolicyRule[];
  }
>;

export type MonitorManifest = ObjectManifest<
  'ServiceMonitor',
  { selector: { matchLabels: Labels }; endpoints: { port: string; path: string }[] }
>;

export type CronJobManifest = ObjectManifest<
  'CronJob',
  { schedule: string; jobTemplate: { spec: { template: { metadata: { labels: Labels }; spec: PodSpec } } } }
>;

export type PrometheusRuleManifest = ObjectManifest<'PrometheusRule', { groups: { rules: unknown[] }[] }>;

export type OtherManifest = ObjectManifest<'Namespace' | 'ServiceAccount', unknown>;

export type ClaimManifest = ObjectManifest<
  'PersistentVolumeClaim',
  {
    accessModes: string[];
    storageClassName?: string;
    resources: { requests: { storage: string } };
  }
>;

export interface PodSpec {
  serviceAccountName?: string;
  topologySpreadConstraints?: { topologyKey: string; labelSelector: { matchLabels: Labels } }[];
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  hostNetwork?: boolean;
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
    secret?: { secretName: string; defaultMode: number; items: { key: string; path: string }[] };
  }[];
}

export interface ContainerManifest {
  name: string;
  image: string;
  imagePullPolicy: string;
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  ports?: { name: string; containerPort: number }[];
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
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  lifecycle?: { preStop: { exec: { command: string[] } } };
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

/** The one Service that is reached from outside the cluster. */
export function onlyNodePort(manifests: readonly Manifest[]): ServiceManifest {
  const exposed = ofKind(manifests, 'Service').filter(({ spec }) => spec.type === 'NodePort');
  return onlyOfKind(exposed, 'Service');
}

/** The one container of a Deployment; fails when there are several. */
export function onlyContainer(deployment: DeploymentManifest): ContainerManifest {
  const [only, ...others] = deployment.spec.template.spec.containers;
  if (only === undefined || others.length > 0)
    throw new Error(`expected one container in ${deployment.metadata.name}`);
  return only;
}

/** Those with a value of their own, and not from a Secret. */
export function environmentVariables(container: ContainerManifest): Record<string, string> {
  return Object.fromEntries(
    container.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}

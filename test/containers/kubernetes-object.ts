/** What these tests read of Kubernetes objects. */
export type KubernetesObject = DeploymentObject | CronJobObject | ServiceObject | OtherObject;

interface Metadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface DeploymentObject {
  readonly kind: 'Deployment';
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicas: number;
    readonly strategy: { readonly type: string };
    readonly template: PodTemplate;
  };
}

export interface CronJobObject {
  readonly kind: 'CronJob';
  readonly metadata: Metadata;
  readonly spec: { readonly jobTemplate: { readonly spec: { readonly template: PodTemplate } } };
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

export interface ServiceObject {
  readonly kind: 'Service';
  readonly metadata: Metadata;
  readonly spec: { readonly selector: Readonly<Record<string, string>> };
}

export interface OtherObject {
  readonly kind: 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim' | 'Pod';
  readonly apiVersion: string;
  readonly metadata: Metadata;
  readonly data?: Readonly<Record<string, string>>;
}

export interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly volumes: readonly { readonly name: string; readonly emptyDir?: object }[];
  readonly containers: readonly ContainerSpec[];
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly object[];
  readonly volumeMounts: readonly { readonly name: string }[];
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly exec: { readonly command: readonly string[] } } };
}

export interface Probe {
  readonly grpc?: { readonly port: number; readonly service: string };
  readonly httpGet?: { readonly path: string; readonly port: number };
}

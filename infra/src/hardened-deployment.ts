import { ApiObject, Duration, Size } from 'cdk8s';
import type { JsonPatch } from 'cdk8s';
import {
  Deployment,
  EnvValue,
  FsGroupChangePolicy,
  ImagePullPolicy,
  LabelSelector,
  ServiceAccount,
  Volume,
} from 'cdk8s-plus-27';
import type { Container, DeploymentStrategy, Probe } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { containerResources } from './container-size.js';
import type { ContainerSize } from './container-size.js';
import {
  dropAllCapabilities,
  pauseBeforeStop,
  seccompRuntimeDefault,
  spreadOverNodes,
  withoutReplicas,
  withoutServiceLinks,
} from './deployment-patches.js';
import type { GiroLabels } from './labels.js';

/** The images' user and group: no user of the node's, and numeric, so that the kubelet can tell it is not root. */
export const giroUser = 10_001;

/**
 * How long a pod that is to stop goes on serving, in seconds, so that whoever sends calls to it learns that it is leaving
 * before it refuses them. Clients look the headless Service up every few seconds.
 */
export const pauseSeconds = 5;

/** Room for scratch files; a pod that writes more is evicted rather than filling its node. */
const tmpMib = 64;

export interface ContainerPort {
  readonly name: string;
  readonly number: number;
}

export interface HardenedDeploymentProps {
  readonly name: string;
  readonly labels: GiroLabels;
  readonly containerName: string;
  readonly image: string;
  /** The ports it serves on; the first is the one it is there for. */
  readonly ports: readonly ContainerPort[];
  /** How many, or `autoscaled` where a HorizontalPodAutoscaler says so. */
  readonly replicas: number | 'autoscaled';
  readonly strategy: DeploymentStrategy;
  readonly size: ContainerSize;
  readonly env: Readonly<Record<string, string>>;
  /** From the wish to stop to SIGKILL, in seconds: the pause of several replicas included. */
  readonly gracePeriodSeconds: number;
  /** @default - none; see {@link HardenedDeployment.patch} */
  readonly probes?: WorkloadProbes;
}

/** When a container has started, may be sent calls, and has to be started again. */
export interface WorkloadProbes {
  readonly startup: Probe;
  readonly readiness: Probe;
  readonly liveness: Probe;
}

/**
 * A Deployment of one container that meets the `restricted` Pod Security Standard, with a read-only root file
 * system, a writable `/tmp` and no service-account token.
 */
export class HardenedDeployment extends Construct {
  readonly deployment: Deployment;
  readonly container: Container;

  constructor(scope: Construct, id: string, props: HardenedDeploymentProps) {
    super(scope, id);
    new ServiceAccount(this, 'account', {
      metadata: { name: props.name, labels: props.labels.all },
      automountToken: false,
    });
    this.deployment = new Deployment(this, 'deployment', {
      metadata: { name: props.name, labels: props.labels.all },
      podMetadata: { labels: props.labels.all },
      // the library's own selector is a hash of the construct's path, which would freeze that path for ever
      select: false,
      ...(props.replicas !== 'autoscaled' && { replicas: props.replicas }),
      serviceAccount: ServiceAccount.fromServiceAccountName(this, 'own-account', props.name),
      strategy: props.strategy,
      terminationGracePeriod: Duration.seconds(props.gracePeriodSeconds),
      automountServiceAccountToken: false,
      securityContext: {
        ensureNonRoot: true,
        user: giroUser,
        group: giroUser,
        fsGroup: giroUser,
        // Always would make PostgreSQL's files group-writable at each start, and PostgreSQL then refuses them
        fsGroupChangePolicy: FsGroupChangePolicy.ON_ROOT_MISMATCH,
      },
    });
    this.deployment.select(LabelSelector.of({ labels: props.labels.selector }));

    this.container = this.deployment.addContainer({
      name: props.containerName,
      image: props.image,
      imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
      ports: [...props.ports],
      envVariables: envValues(props.env),
      resources: containerResources(props.size),
      securityContext: {
        ensureNonRoot: true,
        user: giroUser,
        group: giroUser,
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
      },
      ...props.probes,
    });
    const tmp = Volume.fromEmptyDir(this, 'tmp', 'tmp', { sizeLimit: Size.mebibytes(tmpMib) });
    this.container.mount('/tmp', tmp);
    this.patch(
      ...seccompRuntimeDefault(),
      ...dropAllCapabilities(props.containerName),
      ...withoutServiceLinks(),
      ...(props.replicas === 'autoscaled' ? withoutReplicas() : []),
      ...(props.replicas === 1 ? [] : spreadOverNodes(props.labels.selector)),
      ...(props.replicas === 1 ? [] : pauseBeforeStop(props.containerName, pauseSeconds)),
    );
  }

  /** Applies patches to the Deployment, after those already applied. */
  patch(...patches: JsonPatch[]): void {
    ApiObject.of(this.deployment).addJsonPatch(...patches);
  }
}

function envValues(env: Readonly<Record<string, string>>): Record<string, EnvValue> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, EnvValue.fromValue(value)]));
}

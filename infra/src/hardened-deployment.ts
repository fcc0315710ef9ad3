import { ApiObject, Duration, Size } from 'cdk8s';
import type { JsonPatch } from 'cdk8s';
import {
  Deployment,
  EnvValue,
  FsGroupChangePolicy,
  ImagePullPolicy,
  LabelSelector,
  Volume,
} from 'cdk8s-plus-27';
import type { Container, DeploymentStrategy, Probe } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { containerResources } from './container-size.js';
import type { ContainerSize } from './container-size.js';
import { dropAllCapabilities, seccompRuntimeDefault, withoutServiceLinks } from './deployment-patches.js';
import type { GiroLabels } from './labels.js';

/** The images' user and group: no user of the node's, and numeric, so that the kubelet can tell it is not root. */
const giroUser = 10_001;

/** Room for scratch files; a pod that writes more is evicted rather than filling its node. */
const tmpMib = 64;

export interface HardenedDeploymentProps {
  readonly name: string;
  readonly labels: GiroLabels;
  readonly containerName: string;
  readonly image: string;
  readonly port: { readonly name: string; readonly number: number };
  readonly replicas: number;
  readonly strategy: DeploymentStrategy;
  readonly size: ContainerSize;
  readonly env: Readonly<Record<string, string>>;
  /** From SIGTERM to SIGKILL, in seconds. */
  readonly gracePeriodSeconds: number;
  /** @default - none; see {@link HardenedDeployment.patch} */
  readonly probes?: { readonly startup: Probe; readonly readiness: Probe; readonly liveness: Probe };
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
    this.deployment = new Deployment(this, 'deployment', {
      metadata: { name: props.name, labels: props.labels.all },
      podMetadata: { labels: props.labels.all },
      // the library's own selector is a hash of the construct's path, which would freeze that path for ever
      select: false,
      replicas: props.replicas,
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
      ports: [props.port],
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

import { Duration } from 'cdk8s';
import { DeploymentStrategy, PercentOrAbsolute, Probe } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { nodeHeapOptions } from './container-size.js';
import type { ContainerSize } from './container-size.js';
import { HardenedDeployment } from './hardened-deployment.js';
import { giroLabels } from './labels.js';
import { NodePortService } from './node-port-service.js';

const httpPort = { name: 'http', number: 5002 };

/** Leaves a quarter of the memory to buffers, code and stacks, which V8 keeps outside its heap. */
const heapShare = 0.75;

/** Longer than the 15 s a keyed write may take over all its attempts. */
const gracePeriodSeconds = 30;

/** Properties of {@link GiroApi}. */
export interface GiroApiProps {
  /** The API's image, with a version tag or digest. */
  readonly image: string;
  /** The branch servers it calls, as `host:port`; at least one. */
  readonly servers: readonly string[];
  /**
   * Name of the Deployment and the Service.
   * @default 'banking-system-api'
   */
  readonly name?: string;
  /**
   * The port on every node, 30000 to 32767, that leads to HTTP.
   * @default 30002
   */
  readonly nodePort?: number;
  /** @default 2 */
  readonly replicas?: number;
  /** @default - a tenth of a core and 256 MiB */
  readonly size?: ContainerSize;
}

/**
 * The REST API on port 5002. It keeps no state, so it runs several replicas and updates without a gap.
 *
 * @throws TypeError when `servers` is empty.
 */
export class GiroApi extends Construct {
  constructor(scope: Construct, id: string, props: GiroApiProps) {
    super(scope, id);
    if (props.servers.length === 0)
      throw new TypeError('GiroApi: servers must name at least one branch server');
    const { name = 'banking-system-api', nodePort = 30_002, replicas = 2 } = props;
    const size = props.size ?? { cpuMillis: 100, memoryMib: 256 };
    const labels = giroLabels(name, 'api');
    new HardenedDeployment(this, 'workload', {
      name,
      labels,
      containerName: 'api',
      image: props.image,
      port: httpPort,
      replicas,
      strategy: DeploymentStrategy.rollingUpdate({
        maxSurge: PercentOrAbsolute.absolute(1),
        maxUnavailable: PercentOrAbsolute.absolute(0),
      }),
      size,
      env: {
        GIRO_API_HOST: '0.0.0.0',
        GIRO_API_PORT: String(httpPort.number),
        GIRO_SERVERS: props.servers.join(','),
        NODE_OPTIONS: nodeHeapOptions(size, heapShare),
      },
      gracePeriodSeconds,
      probes: {
        startup: httpProbe('/healthz', { periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 30 }),
        readiness: httpProbe('/readyz', { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 }),
        liveness: httpProbe('/healthz', { periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 }),
      },
    });
    new NodePortService(this, 'exposed', { name, labels, port: httpPort, nodePort });
  }
}

interface ProbeTiming {
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

function httpProbe(path: string, { periodSeconds, timeoutSeconds, failureThreshold }: ProbeTiming): Probe {
  return Probe.fromHttpGet(path, {
    port: httpPort.number,
    periodSeconds: Duration.seconds(periodSeconds),
    timeoutSeconds: Duration.seconds(timeoutSeconds),
    failureThreshold,
  });
}

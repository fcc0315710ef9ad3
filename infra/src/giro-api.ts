import { DeploymentStrategy, PercentOrAbsolute } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { checkApiSecurity, secureApi } from './api-security.js';
import type { ApiSecurity } from './api-security.js';
import { autoscaler } from './autoscaler.js';
import type { Autoscaling } from './autoscaler.js';
import { nodeHeapOptions } from './container-size.js';
import type { ContainerSize } from './container-size.js';
import { disruptionBudget } from './disruption-budget.js';
import { HardenedDeployment } from './hardened-deployment.js';
import { HeadlessService } from './headless-service.js';
import { httpProbe } from './http-probe.js';
import { giroLabels } from './labels.js';
import { metricsPortName, metricsPortVariable } from './metrics-port.js';
import { NodePortService } from './node-port-service.js';
import { serviceMonitor } from './service-monitor.js';

const httpPort = { name: 'http', number: 5002 };
const metricsPort = { name: metricsPortName, number: 9465 };

/** Leaves a quarter of the memory to buffers, code and stacks, which V8 keeps outside its heap. */
const heapShare = 0.75;

/** The pause of 5 s, and the 17 s that requests in flight get. */
const gracePeriodSeconds = 30;

/** Properties of {@link GiroApi}. */
export interface GiroApiProps extends ApiSecurity {
  /** The API's image, with a version tag or digest. */
  readonly image: string;
  /** The branch servers it calls, as `host:port` or `dns:///host:port`, `grpcs://` before it for TLS; at least one. */
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
  /**
   * How many; not together with `autoscaling`.
   * @default 2
   */
  readonly replicas?: number;
  /** @default - always the same number of replicas */
  readonly autoscaling?: Autoscaling;
  /**
   * Whether the Prometheus operator is there to scrape it.
   * @default false
   */
  readonly monitored?: boolean;
  /** @default - a tenth of a core and 256 MiB */
  readonly size?: ContainerSize;
}

/**
 * The REST API on port 5002, metrics on 9465. It keeps no state, so it runs several replicas and updates without a gap.
 *
 * @throws TypeError when `servers` is empty, both `replicas` and `autoscaling` are given, or `token` without `tls`
 */
export class GiroApi extends Construct {
  constructor(scope: Construct, id: string, props: GiroApiProps) {
    super(scope, id);
    if (props.servers.length === 0)
      throw new TypeError('GiroApi: servers must name at least one branch server');
    if (props.replicas !== undefined && props.autoscaling !== undefined)
      throw new TypeError('GiroApi: autoscaling says how many replicas there are; leave replicas out');
    checkApiSecurity(props);
    const { name = 'banking-system-api', nodePort = 30_002, autoscaling, monitored = false } = props;
    const size = props.size ?? { cpuMillis: 100, memoryMib: 256 };
    const labels = giroLabels(name, 'api');
    const { container } = new HardenedDeployment(this, 'workload', {
      name,
      labels,
      containerName: 'api',
      image: props.image,
      ports: [httpPort, metricsPort],
      replicas: autoscaling === undefined ? (props.replicas ?? 2) : 'autoscaled',
      strategy: DeploymentStrategy.rollingUpdate({
        maxSurge: PercentOrAbsolute.absolute(1),
        maxUnavailable: PercentOrAbsolute.absolute(0),
      }),
      size,
      env: {
        GIRO_API_HOST: '0.0.0.0',
        GIRO_API_PORT: String(httpPort.number),
        [metricsPortVariable]: String(metricsPort.number),
        GIRO_SERVERS: props.servers.join(','),
        NODE_OPTIONS: nodeHeapOptions(size, heapShare),
      },
      gracePeriodSeconds,
      probes: {
        startup: httpProbe(httpPort.number, '/healthz', {
          periodSeconds: 2,
          timeoutSeconds: 2,
          failureThreshold: 30,
        }),
        readiness: httpProbe(httpPort.number, '/readyz', {
          periodSeconds: 5,
          timeoutSeconds: 3,
          failureThreshold: 2,
        }),
        liveness: httpProbe(httpPort.number, '/healthz', {
          periodSeconds: 10,
          timeoutSeconds: 3,
          failureThreshold: 3,
        }),
      },
    });
    secureApi(this, container, props);
    new NodePortService(this, 'exposed', { name, labels, port: httpPort, nodePort });
    disruptionBudget(this, 'budget', name, labels);
    if (autoscaling !== undefined) autoscaler(this, 'autoscaler', name, labels, autoscaling);
    if (!monitored) return;
    new HeadlessService(this, 'metrics', { name: `${name}-metrics`, labels, ports: [metricsPort] });
    serviceMonitor(this, 'monitor', name, labels);
  }
}

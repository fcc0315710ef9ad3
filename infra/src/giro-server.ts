import { Size } from 'cdk8s';
import {
  DeploymentStrategy,
  EnvValue,
  PercentOrAbsolute,
  PersistentVolumeAccessMode,
  PersistentVolumeClaim,
  Secret,
  Volume,
} from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { nodeHeapOptions } from './container-size.js';
import type { ContainerSize } from './container-size.js';
import { disruptionBudget } from './disruption-budget.js';
import { HardenedDeployment } from './hardened-deployment.js';
import { HeadlessService } from './headless-service.js';
import { giroLabels } from './labels.js';
import type { GiroLabels } from './labels.js';
import { metricsPortName, metricsPortVariable } from './metrics-port.js';
import { NodePortService } from './node-port-service.js';
import type { SecretKey } from './secret-key.js';
import { grpcServerProbes, httpServerProbes } from './server-probes.js';
import { checkServerSecurity, secureServer } from './server-security.js';
import type { ServerSecurity } from './server-security.js';
import { serviceMonitor } from './service-monitor.js';

const grpcPort = { name: 'grpc', number: 5001 };
const metricsPort = { name: metricsPortName, number: 9464 };
const dataDir = '/data';
const containerName = 'server';

/** With its own PostgreSQL beside it, half of the memory is Node's. */
const embeddedHeapShare = 0.5;

/** Leaves a quarter of the memory to buffers, code and stacks, which V8 keeps outside its heap. */
const heapShare = 0.75;

/** Time to finish the calls in flight and for PostgreSQL to write its shutdown checkpoint. */
const embeddedGraceSeconds = 60;

/** The pause of 5 s, and the 18 s after which a server ends by itself. */
const graceSeconds = 30;

/** The volume that keeps a server's books. */
export interface BooksVolume {
  /** Its size in GiB. */
  readonly sizeGib: number;
  /** @default - the cluster's default storage class */
  readonly storageClass?: string;
  /**
   * `ReadWriteOncePod` lets one pod of the cluster open the books; `ReadWriteOnce` lets one node.
   * @default 'ReadWriteOncePod'
   */
  readonly accessMode?: 'ReadWriteOncePod' | 'ReadWriteOnce';
}

/** Properties of {@link GiroServer}. */
export interface GiroServerProps extends ServerSecurity {
  /** The server's image, with a version tag or digest. */
  readonly image: string;
  /**
   * Name of the Deployment and the Service, and so the host name clients in the namespace use.
   * @default 'banking-system-server'
   */
  readonly name?: string;
  /**
   * The port on every node, 30000 to 32767, that leads to gRPC.
   * @default 30001
   */
  readonly nodePort?: number;
  /** @default - half a core and 1 GiB */
  readonly size?: ContainerSize;
  /**
   * The volume of the embedded database; not together with `database`.
   * @default - 10 GiB of the default storage class, for one pod
   */
  readonly books?: BooksVolume;
  /**
   * Where a Secret keeps the URL of a PostgreSQL of one's own.
   * @default - the embedded database
   */
  readonly database?: SecretKey;
  /**
   * How many servers; more than one needs `database`.
   * @default 1, or 3 with `database`
   */
  readonly replicas?: number;
  /**
   * Whether the Prometheus operator is there to scrape it.
   * @default false
   */
  readonly monitored?: boolean;
}

/**
 * Branch servers: gRPC on port 5001, metrics on 9464.
 *
 * Without `database` it is one pod with the embedded database, whose books are on a volume. That has one writer, so an
 * update stops the old pod before it starts the new one. With `database` the servers keep nothing: they are equal,
 * several, and replaced one by one without a gap.
 *
 * @throws TypeError for several replicas, or a volume, at odds with where the books are, and for `tokens` without `tls`
 */
export class GiroServer extends Construct {
  /**
   * What clients in the same namespace give as `servers`: `host:port`, or `dns:///host:port` for several servers; with
   * `tls` after `grpcs://`.
   */
  readonly address: string;

  constructor(scope: Construct, id: string, props: GiroServerProps) {
    super(scope, id);
    checkBooks(props);
    checkServerSecurity(props);
    const { name = 'banking-system-server', nodePort = 30_001, database, tls, monitored = false } = props;
    const headlessName = `${name}-headless`;
    const labels = giroLabels(name, 'server');
    const workload = new HardenedDeployment(this, 'workload', {
      name,
      labels,
      containerName,
      image: props.image,
      ports: [grpcPort, metricsPort],
      ...(database === undefined ? embedded(props) : stateless(props)),
      ...(tls !== undefined && { probes: httpServerProbes(metricsPort.number) }),
    });
    if (tls === undefined) workload.patch(...grpcServerProbes(containerName, grpcPort.number));
    secureServer(this, workload.container, props);
    if (database === undefined) {
      const books = booksVolume(this, `${name}-books`, labels, props.books ?? { sizeGib: 10 });
      workload.container.mount(dataDir, books);
    } else {
      const secret = Secret.fromSecretName(this, 'database', database.secretName);
      const url = EnvValue.fromSecretValue({ secret, key: database.key });
      workload.container.env.addVariable('DATABASE_URL', url);
    }
    new NodePortService(this, 'exposed', { name, labels, port: grpcPort, nodePort });
    new HeadlessService(this, 'headless', { name: headlessName, labels, ports: [grpcPort, metricsPort] });
    disruptionBudget(this, 'budget', name, labels);
    if (monitored) serviceMonitor(this, 'monitor', name, labels);
    const host = database === undefined ? name : `dns:///${headlessName}`;
    this.address = `${tls === undefined ? '' : 'grpcs://'}${host}:${String(grpcPort.number)}`;
  }
}

function checkBooks({ books, database, replicas = 1 }: GiroServerProps): void {
  if (database === undefined && replicas !== 1)
    throw new TypeError('GiroServer: the embedded database has one writer; several replicas need database');
  if (database !== undefined && books !== undefined)
    throw new TypeError(
      'GiroServer: books is the volume of the embedded database; leave it out with database',
    );
}

const defaultSize: ContainerSize = { cpuMillis: 500, memoryMib: 1024 };

function embedded({ size = defaultSize }: GiroServerProps) {
  return {
    replicas: 1,
    strategy: DeploymentStrategy.recreate(),
    size,
    env: { ...environment, GIRO_DATA_DIR: dataDir, NODE_OPTIONS: nodeHeapOptions(size, embeddedHeapShare) },
    gracePeriodSeconds: embeddedGraceSeconds,
  };
}

function stateless({ size = defaultSize, replicas = 3 }: GiroServerProps) {
  return {
    replicas,
    strategy: DeploymentStrategy.rollingUpdate({
      maxSurge: PercentOrAbsolute.absolute(1),
      maxUnavailable: PercentOrAbsolute.absolute(0),
    }),
    size,
    env: { ...environment, NODE_OPTIONS: nodeHeapOptions(size, heapShare) },
    gracePeriodSeconds: graceSeconds,
  };
}

const environment = {
  GIRO_HOST: '0.0.0.0',
  GIRO_PORT: String(grpcPort.number),
  [metricsPortVariable]: String(metricsPort.number),
};

/** Makes the claim, and a volume that refers to it by name. */
function booksVolume(scope: Construct, claimName: string, labels: GiroLabels, books: BooksVolume): Volume {
  const { sizeGib, storageClass, accessMode = 'ReadWriteOncePod' } = books;
  new PersistentVolumeClaim(scope, 'books', {
    metadata: { name: claimName, labels: labels.all },
    storage: Size.gibibytes(sizeGib),
    accessModes: [
      accessMode === 'ReadWriteOncePod'
        ? PersistentVolumeAccessMode.READ_WRITE_ONCE_POD
        : PersistentVolumeAccessMode.READ_WRITE_ONCE,
    ],
    ...(storageClass !== undefined && { storageClassName: storageClass }),
  });
  const claim = PersistentVolumeClaim.fromClaimName(scope, 'books-claim', claimName);
  return Volume.fromPersistentVolumeClaim(scope, 'books-volume', claim, { name: 'books' });
}

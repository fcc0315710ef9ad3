import { Size } from 'cdk8s';
import { DeploymentStrategy, PersistentVolumeAccessMode, PersistentVolumeClaim, Volume } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { nodeHeapOptions } from './container-size.js';
import type { ContainerSize } from './container-size.js';
import { grpcProbe } from './deployment-patches.js';
import { HardenedDeployment } from './hardened-deployment.js';
import { giroLabels } from './labels.js';
import type { GiroLabels } from './labels.js';
import { NodePortService } from './node-port-service.js';

const grpcPort = { name: 'grpc', number: 5001 };
const dataDir = '/data';
const containerName = 'server';

/** Half of the memory is Node's, half is left to the PostgreSQL that runs beside it. */
const heapShare = 0.5;

/** Time to finish the calls in flight and for PostgreSQL to write its shutdown checkpoint. */
const gracePeriodSeconds = 60;

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
export interface GiroServerProps {
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
  /** @default - 10 GiB of the default storage class, for one pod */
  readonly books?: BooksVolume;
}

/**
 * A branch server with the embedded database: one pod, its books on a volume, gRPC on port 5001.
 *
 * The embedded database has one writer, so there is one replica, and an update stops the old pod before it starts the
 * new one. More capacity comes from an external database, never from more replicas of this.
 */
export class GiroServer extends Construct {
  /** `host:port` for clients in the same namespace. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: GiroServerProps) {
    super(scope, id);
    const { name = 'banking-system-server', nodePort = 30_001 } = props;
    const size = props.size ?? { cpuMillis: 500, memoryMib: 1024 };
    const labels = giroLabels(name, 'server');
    const workload = new HardenedDeployment(this, 'workload', {
      name,
      labels,
      containerName,
      image: props.image,
      port: grpcPort,
      replicas: 1,
      strategy: DeploymentStrategy.recreate(),
      size,
      env: {
        GIRO_HOST: '0.0.0.0',
        GIRO_PORT: String(grpcPort.number),
        GIRO_DATA_DIR: dataDir,
        NODE_OPTIONS: nodeHeapOptions(size, heapShare),
      },
      gracePeriodSeconds,
    });
    workload.container.mount(
      dataDir,
      booksVolume(this, `${name}-books`, labels, props.books ?? { sizeGib: 10 }),
    );
    workload.patch(...healthProbes());
    new NodePortService(this, 'exposed', { name, labels, port: grpcPort, nodePort });
    this.address = `${name}:${String(grpcPort.number)}`;
  }
}

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

/** The server's name for its process alone: it must not be restarted because its database is gone. */
const LIVENESS = 'live';

function healthProbes() {
  const { number: port } = grpcPort;
  return [
    // five minutes: a first start makes the database, one after a crash replays its log
    ...grpcProbe(containerName, 'startupProbe', {
      port,
      service: LIVENESS,
      periodSeconds: 2,
      timeoutSeconds: 2,
      failureThreshold: 150,
    }),
    ...grpcProbe(containerName, 'readinessProbe', {
      port,
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 2,
    }),
    // slower to act than readiness: a restart costs a crash recovery, and helps only what waiting did not
    ...grpcProbe(containerName, 'livenessProbe', {
      port,
      service: LIVENESS,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
    }),
  ];
}

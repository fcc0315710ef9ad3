import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { giroUser } from './hardened-deployment.js';
import { giroLabels } from './labels.js';
import type { SecretKey } from './secret-key.js';

const name = 'giro-backup';

/** Properties of {@link Backup}. */
export interface BackupProps {
  /** An image with PostgreSQL's `pg_dump`, as new as the database or newer. */
  readonly image: string;
  /** When, as in crontab(5), in the time zone of the cluster. */
  readonly schedule: string;
  /** How many days a dump is kept. */
  readonly keepDays: number;
  readonly sizeGib: number;
  readonly database: SecretKey;
}

/**
 * Dumps the whole database to a volume of its own, in one snapshot, and forgets old dumps. A dump is not yet a backup:
 * what proves one is a restore that `giro-server verify` accepts.
 */
export class Backup extends Construct {
  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id);
    const { all } = giroLabels(name, 'backup');
    new k8s.KubePersistentVolumeClaim(this, 'claim', {
      metadata: { name, labels: all },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: k8s.Quantity.fromString(`${String(props.sizeGib)}Gi`) } },
      },
    });
    new k8s.KubeCronJob(this, 'job', {
      metadata: { name, labels: all },
      spec: {
        schedule: props.schedule,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          spec: { backoffLimit: 2, template: { metadata: { labels: all }, spec: podSpec(props) } },
        },
      },
    });
  }
}

function podSpec({ image, keepDays, database }: BackupProps): k8s.PodSpec {
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: giroUser,
      runAsGroup: giroUser,
      fsGroup: giroUser,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'backup',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-ec', script(keepDays)],
        env: [
          {
            name: 'DATABASE_URL',
            valueFrom: { secretKeyRef: { name: database.secretName, key: database.key } },
          },
        ],
        resources: {
          requests: { cpu: k8s.Quantity.fromString('100m'), memory: k8s.Quantity.fromString('256Mi') },
          limits: { memory: k8s.Quantity.fromString('256Mi') },
        },
        securityContext: {
          runAsNonRoot: true,
          runAsUser: giroUser,
          runAsGroup: giroUser,
          privileged: false,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'backups', mountPath: '/backups' },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'backups', persistentVolumeClaim: { claimName: name } },
      { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } },
    ],
  };
}

/** A dump gets its name when it is whole, so that what has the name can be restored. */
function script(keepDays: number): string {
  return [
    'file=/backups/giro-$(date -u +%Y%m%dT%H%M%SZ).dump',
    'pg_dump --format=custom --file="$file.part" "$DATABASE_URL"',
    'mv "$file.part" "$file"',
    `find /backups -name 'giro-*' -mtime +${String(keepDays)} -delete`,
  ].join('\n');
}

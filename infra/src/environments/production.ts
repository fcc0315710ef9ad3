import manifest from '../../package.json' with { type: 'json' };
import type { InfraConfigInput } from '../config.js';

/**
 * An example to start from: servers without a disk on a highly available PostgreSQL, here a cluster named `giro-db` of
 * CloudNativePG, which writes the URL of its primary to the Secret `giro-db-app`.
 */
export const production: InfraConfigInput = {
  namespace: 'giro',
  server: {
    image: `registry.example/giro/server:${manifest.version}`,
    nodePort: 30001,
    size: { cpuMillis: 1000, memoryMib: 1024 },
    database: { secretName: 'giro-db-app', key: 'uri' },
    replicas: 3,
  },
  api: {
    image: `registry.example/giro/api:${manifest.version}`,
    nodePort: 30002,
    autoscaling: { min: 2, max: 10, cpuPercent: 70 },
    size: { cpuMillis: 250, memoryMib: 512 },
  },
  network: {
    clients: ['10.0.0.0/8'],
    database: { networks: ['10.0.0.0/8'], port: 5432 },
    prometheusNamespace: 'monitoring',
  },
  monitored: true,
  backup: { image: 'postgres:17.6-bookworm', schedule: '15 3 * * *', keepDays: 14, sizeGib: 50 },
};

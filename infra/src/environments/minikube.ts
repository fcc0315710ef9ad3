import manifest from '../../package.json' with { type: 'json' };
import type { InfraConfigInput } from '../config.js';

/** One server that owns its books, two stateless APIs: fits a two-CPU, 4 GiB minikube. */
export const minikube: InfraConfigInput = {
  server: {
    image: `banking-system-server:${manifest.version}`,
    nodePort: 30001,
    size: { cpuMillis: 500, memoryMib: 1024 },
    books: { sizeGib: 10, accessMode: 'ReadWriteOncePod' },
  },
  api: {
    image: `banking-system-api:${manifest.version}`,
    nodePort: 30002,
    replicas: 2,
    size: { cpuMillis: 100, memoryMib: 256 },
  },
};

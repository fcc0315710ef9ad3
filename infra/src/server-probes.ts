import type { JsonPatch } from 'cdk8s';
import { grpcProbe } from './deployment-patches.js';
import type { WorkloadProbes } from './hardened-deployment.js';
import { httpProbe } from './http-probe.js';

// five minutes: a first start makes the embedded database, one after a crash replays its log
const startup = { periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 150 };
const readiness = { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 };
// slower to act than readiness: a restart costs a crash recovery, and helps only what waiting did not
const liveness = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 };

/**
 * The service name of the server's health that tells of the process alone. A server that waits for its database is not
 * ready, but it lives, and a restart would not bring the database back.
 */
const service = 'live';

/** Asks for the health of gRPC, in plaintext. */
export function grpcServerProbes(containerName: string, port: number): JsonPatch[] {
  return [
    ...grpcProbe(containerName, 'startupProbe', { port, service, ...startup }),
    ...grpcProbe(containerName, 'readinessProbe', { port, ...readiness }),
    ...grpcProbe(containerName, 'livenessProbe', { port, service, ...liveness }),
  ];
}

/** Asks the same of the metrics port, for a kubelet speaks no gRPC over TLS. */
export function httpServerProbes(port: number): WorkloadProbes {
  return {
    startup: httpProbe(port, '/livez', startup),
    readiness: httpProbe(port, '/readyz', readiness),
    liveness: httpProbe(port, '/livez', liveness),
  };
}

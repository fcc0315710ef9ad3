import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

/** The standard health service (grpc.health.v1) over the server as a whole and each of its services. */
export interface Health {
  /** Says so to probes and load balancers, before the server stops taking calls. */
  setServing(serving: boolean): void;
}

/** The name that stands for the server as a whole: whether it should get calls. */
const WHOLE_SERVER = '';

/**
 * The name that stands for the process alone, for liveness probes: it is SERVING as long as the server answers at all. A
 * server that waits for its database, or lets its last calls end, must not be restarted for that.
 */
const LIVENESS = 'live';

export function addHealth(server: Server, serviceNames: readonly string[]): Health {
  const health = new HealthImplementation();
  const setServing = (serving: boolean) => {
    for (const name of [WHOLE_SERVER, ...serviceNames])
      health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  };
  setServing(false);
  health.setStatus(LIVENESS, 'SERVING');
  health.addToServer(server);
  return { setServing };
}

import { Duration } from 'cdk8s';
import { Probe } from 'cdk8s-plus-27';

/** When a probe asks and when it gives up. */
export interface ProbeTiming {
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  /** How many failures in a row count. */
  readonly failureThreshold: number;
}

/** Asks a path for a status from 200 to 399. */
export function httpProbe(port: number, path: string, timing: ProbeTiming): Probe {
  return Probe.fromHttpGet(path, {
    port,
    periodSeconds: Duration.seconds(timing.periodSeconds),
    timeoutSeconds: Duration.seconds(timing.timeoutSeconds),
    failureThreshold: timing.failureThreshold,
  });
}

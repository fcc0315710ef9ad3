import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { GiroLabels } from './labels.js';

/**
 * Lets nodes be drained one pod of a workload at a time. Said as what may be missing, not as what must be there: a
 * minimum of one would keep the node of a single replica from ever being drained.
 */
export function disruptionBudget(scope: Construct, id: string, name: string, labels: GiroLabels): void {
  new k8s.KubePodDisruptionBudget(scope, id, {
    metadata: { name, labels: labels.all },
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels: labels.selector },
    },
  });
}

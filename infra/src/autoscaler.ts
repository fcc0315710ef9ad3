import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { GiroLabels } from './labels.js';

/** How many replicas there may be, and when there are more. */
export interface Autoscaling {
  readonly min: number;
  readonly max: number;
  /** The share of the CPU request that each replica should use on average, in percent. */
  readonly cpuPercent: number;
}

/** Adds and removes replicas of a Deployment by the CPU they use. */
export function autoscaler(
  scope: Construct,
  id: string,
  name: string,
  labels: GiroLabels,
  { min, max, cpuPercent }: Autoscaling,
): void {
  new k8s.KubeHorizontalPodAutoscalerV2(scope, id, {
    metadata: { name, labels: labels.all },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: min,
      maxReplicas: max,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuPercent } },
        },
      ],
    },
  });
}

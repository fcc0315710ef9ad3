import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { metricsPortName } from './metrics-port.js';
import type { GiroLabels } from './labels.js';

/**
 * Has the Prometheus operator scrape the pods behind a workload's headless Service.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
 */
export function serviceMonitor(scope: Construct, id: string, name: string, labels: GiroLabels): void {
  new ApiObject(scope, id, {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name, labels: labels.all },
    spec: {
      selector: { matchLabels: labels.selector },
      endpoints: [{ port: metricsPortName, path: '/metrics', interval: '15s' }],
    },
  });
}

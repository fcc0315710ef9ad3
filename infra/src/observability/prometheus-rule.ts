import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { giroLabels } from '../labels.js';
import { alertGroups } from './alerts.js';

/**
 * Has the Prometheus operator evaluate the bank's alerts.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
 */
export function prometheusRule(scope: Construct, id: string, name: string): void {
  new ApiObject(scope, id, {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name, labels: giroLabels(name, 'alerts').all },
    spec: { groups: alertGroups() },
  });
}

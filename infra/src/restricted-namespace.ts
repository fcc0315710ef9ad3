import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';

/** A namespace whose pods must meet the `restricted` Pod Security Standard, or are refused. */
export function restrictedNamespace(scope: Construct, id: string, name: string): void {
  new k8s.KubeNamespace(scope, id, {
    metadata: {
      name,
      labels: {
        'app.kubernetes.io/part-of': 'giro',
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
    },
  });
}

/** The labels of one deployable's objects and pods. */
export interface GiroLabels {
  /** What selects its pods. A Deployment's selector can't be changed later, so nothing that moves is in it. */
  readonly selector: Readonly<Record<string, string>>;
  readonly all: Readonly<Record<string, string>>;
}

/**
 * The recommended labels.
 *
 * @param name - the object's name; two instances in one namespace have two names
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function giroLabels(name: string, component: 'server' | 'api' | 'backup' | 'alerts'): GiroLabels {
  const selector = {
    'app.kubernetes.io/name': `giro-${component}`,
    'app.kubernetes.io/instance': name,
  };
  return {
    selector,
    all: {
      ...selector,
      'app.kubernetes.io/component': component,
      'app.kubernetes.io/part-of': 'giro',
      'app.kubernetes.io/managed-by': 'cdk8s',
    },
  };
}

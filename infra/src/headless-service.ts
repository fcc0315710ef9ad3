import { Protocol, Service } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ContainerPort } from './hardened-deployment.js';
import type { GiroLabels } from './labels.js';

export interface HeadlessServiceProps {
  readonly name: string;
  readonly labels: GiroLabels;
  readonly ports: readonly ContainerPort[];
}

/** A name that stands for each ready pod by its own address, so that a client can choose among them by itself. */
export class HeadlessService extends Construct {
  constructor(scope: Construct, id: string, { name, labels, ports }: HeadlessServiceProps) {
    super(scope, id);
    const service = new Service(this, 'service', {
      metadata: { name, labels: labels.all },
      clusterIP: 'None',
      ports: ports.map(({ name: portName, number }) => ({
        name: portName,
        port: number,
        targetPort: number,
        protocol: Protocol.TCP,
      })),
    });
    for (const [key, value] of Object.entries(labels.selector)) service.selectLabel(key, value);
  }
}

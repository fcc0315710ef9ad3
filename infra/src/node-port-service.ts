import { Protocol, Service, ServiceType } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { GiroLabels } from './labels.js';

export interface NodePortServiceProps {
  readonly name: string;
  readonly labels: GiroLabels;
  /** The container's port, which the Service has too. */
  readonly port: { readonly name: string; readonly number: number };
  readonly nodePort: number;
}

/**
 * Makes pods reachable under one name inside the cluster and one port on every node. It balances connections, not
 * calls: a gRPC or keep-alive connection stays with the pod it first reached.
 */
export class NodePortService extends Construct {
  readonly service: Service;

  constructor(scope: Construct, id: string, { name, labels, port, nodePort }: NodePortServiceProps) {
    super(scope, id);
    this.service = new Service(this, 'service', {
      metadata: { name, labels: labels.all },
      type: ServiceType.NODE_PORT,
      ports: [
        { name: port.name, port: port.number, targetPort: port.number, nodePort, protocol: Protocol.TCP },
      ],
    });
    for (const [key, value] of Object.entries(labels.selector)) this.service.selectLabel(key, value);
  }
}

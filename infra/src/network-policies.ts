import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { giroLabels } from './labels.js';
import type { GiroLabels } from './labels.js';

/** Who may talk to whom. Everything not said here is denied. */
export interface NetworkPoliciesProps {
  readonly serverName: string;
  readonly apiName: string;
  /** Networks in CIDR notation from which people and programs may reach the API and the servers. */
  readonly clients: readonly string[];
  readonly database: { readonly networks: readonly string[]; readonly port: number };
  /** The namespace in which Prometheus runs. */
  readonly prometheusNamespace: string;
}

const grpc = 5001;
const http = 5002;
const serverMetrics = 9464;
const apiMetrics = 9465;

/**
 * Denies all traffic in and out of a namespace's pods, and allows what the bank needs. Probes need nothing: what comes from
 * a pod's own node is always let in.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class NetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, props: NetworkPoliciesProps) {
    super(scope, id);
    const server = giroLabels(props.serverName, 'server');
    const api = giroLabels(props.apiName, 'api');
    const clients = props.clients.map((cidr) => ({ ipBlock: { cidr } }));
    const database = props.database.networks.map((cidr) => ({ ipBlock: { cidr } }));
    const prometheus = namespace(props.prometheusNamespace);
    this.#denyAll();
    this.#policy(props.serverName, server, {
      ingress: [
        { from: [pods(api), ...clients], ports: tcp(grpc) },
        { from: [prometheus], ports: tcp(serverMetrics) },
      ],
      egress: [nameService, { to: database, ports: tcp(props.database.port) }],
    });
    this.#policy(props.apiName, api, {
      ingress: [
        { from: clients, ports: tcp(http) },
        { from: [prometheus], ports: tcp(apiMetrics) },
      ],
      egress: [nameService, { to: [pods(server)], ports: tcp(grpc) }],
    });
    this.#policy('giro-backup', giroLabels('giro-backup', 'backup'), {
      egress: [nameService, { to: database, ports: tcp(props.database.port) }],
    });
  }

  #denyAll(): void {
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', labels: { 'app.kubernetes.io/part-of': 'giro' } },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  }

  #policy(name: string, labels: GiroLabels, rules: Pick<k8s.NetworkPolicySpec, 'ingress' | 'egress'>): void {
    new k8s.KubeNetworkPolicy(this, name, {
      metadata: { name, labels: labels.all },
      spec: { podSelector: { matchLabels: labels.selector }, policyTypes: ['Ingress', 'Egress'], ...rules },
    });
  }
}

/** Without it no name is found, that of the database included. */
const nameService: k8s.NetworkPolicyEgressRule = {
  to: [{ ...namespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
  ports: [...tcp(53), { protocol: 'UDP', port: k8s.IntOrString.fromNumber(53) }],
};

function namespace(name: string): k8s.NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

function pods(labels: GiroLabels): k8s.NetworkPolicyPeer {
  return { podSelector: { matchLabels: labels.selector } };
}

function tcp(port: number): k8s.NetworkPolicyPort[] {
  return [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) }];
}

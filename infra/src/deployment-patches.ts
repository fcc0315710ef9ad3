import { JsonPatch } from 'cdk8s';
import type { ProbeTiming } from './http-probe.js';

/*
 * What cdk8s-plus-27 has no property for, as patches of a Deployment with one container. Those that reach into the
 * container first test its name, so that synth fails when `containers/0` is no longer the one that was meant.
 */

const pod = '/spec/template/spec';
const container = `${pod}/containers/0`;

/** Which of a container's probes. */
export type ProbeKind = 'startupProbe' | 'readinessProbe' | 'livenessProbe';

/** What a gRPC probe asks for. */
export interface GrpcProbe extends ProbeTiming {
  readonly port: number;
  /**
   * The service name of the health request; empty asks for the server as a whole.
   * @default ''
   */
  readonly service?: string;
}

/** Probes with the standard gRPC health check, which the kubelet speaks since Kubernetes 1.24. */
export function grpcProbe(containerName: string, kind: ProbeKind, probe: GrpcProbe): JsonPatch[] {
  const { port, service = '', ...timing } = probe;
  return [
    isContainer(containerName),
    JsonPatch.add(`${container}/${kind}`, { grpc: { port, service }, ...timing }),
  ];
}

/** Drops every Linux capability; the library's enum has no `ALL`. */
export function dropAllCapabilities(containerName: string): JsonPatch[] {
  return [
    isContainer(containerName),
    JsonPatch.add(`${container}/securityContext/capabilities`, { drop: ['ALL'] }),
  ];
}

/** Filters system calls with the container runtime's own profile. */
export function seccompRuntimeDefault(): JsonPatch[] {
  return [JsonPatch.add(`${pod}/securityContext/seccompProfile`, { type: 'RuntimeDefault' })];
}

/**
 * Keeps Kubernetes from putting every Service of the namespace into the environment, where a Service named `giro-api`
 * would set `GIRO_API_PORT=tcp://…`.
 */
export function withoutServiceLinks(): JsonPatch[] {
  return [JsonPatch.add(`${pod}/enableServiceLinks`, false)];
}

/** Leaves the number of replicas to an autoscaler: a number in the manifest would undo its work at each apply. */
export function withoutReplicas(): JsonPatch[] {
  return [JsonPatch.remove('/spec/replicas')];
}

/**
 * Spreads pods over nodes and zones as evenly as there is room; a pod that finds none is still placed, where the
 * library's own anti-affinity would leave it pending.
 */
export function spreadOverNodes(matchLabels: Readonly<Record<string, string>>): JsonPatch[] {
  const constraints = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels },
  }));
  return [JsonPatch.add(`${pod}/topologySpreadConstraints`, constraints)];
}

/** Goes on serving for a while before SIGTERM. By node, since an image may have no shell, and `sleep` came with 1.29. */
export function pauseBeforeStop(containerName: string, seconds: number): JsonPatch[] {
  const command = ['node', '-e', `setTimeout(() => {}, ${String(seconds * 1000)})`];
  return [
    isContainer(containerName),
    JsonPatch.add(`${container}/lifecycle`, { preStop: { exec: { command } } }),
  ];
}

function isContainer(name: string): JsonPatch {
  return JsonPatch.test(`${container}/name`, name);
}

import { JsonPatch } from 'cdk8s';

/*
 * What cdk8s-plus-27 has no property for, as patches of a Deployment with one container. Those that reach into the
 * container first test its name, so that synth fails when `containers/0` is no longer the one that was meant.
 */

const pod = '/spec/template/spec';
const container = `${pod}/containers/0`;

/** Which of a container's probes. */
export type ProbeKind = 'startupProbe' | 'readinessProbe' | 'livenessProbe';

/** When a gRPC probe asks and when it gives up. */
export interface GrpcProbe {
  readonly port: number;
  /**
   * The service name of the health request; empty asks for the server as a whole.
   * @default ''
   */
  readonly service?: string;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  /** How many failures in a row count. */
  readonly failureThreshold: number;
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

function isContainer(name: string): JsonPatch {
  return JsonPatch.test(`${container}/name`, name);
}

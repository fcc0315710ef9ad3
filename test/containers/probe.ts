import { Client, credentials, type ServiceDefinition, type ServiceError } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import type { Probe } from './kubernetes-object.js';

const probeMsMax = 2_000;
const healthMethods: Partial<Record<string, ServiceDefinition[string]>> = service;

/** Asks a pod as the kubelet does. */
export function isReady({ grpc, httpGet }: Probe, address: string): Promise<boolean> {
  if (grpc !== undefined) return isServing(`${address}:${String(grpc.port)}`, grpc.service);
  if (httpGet !== undefined) return isOk(`http://${address}:${String(httpGet.port)}${httpGet.path}`);
  throw new TypeError('the container has no readiness probe');
}

function isOk(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(probeMsMax) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function isServing(address: string, name: string): Promise<boolean> {
  const { Check } = healthMethods as Record<'Check', ServiceDefinition[string]>;
  const client = new Client(address, credentials.createInsecure());
  const deadline = Date.now() + probeMsMax;
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(
        Check.path,
        Check.requestSerialize,
        Check.responseDeserialize,
        { service: name },
        { deadline },
        (error: ServiceError | null, answer?: { status: unknown }) => {
          resolve(error === null && answer?.status === 'SERVING');
        },
      );
    });
  } finally {
    client.close();
  }
}

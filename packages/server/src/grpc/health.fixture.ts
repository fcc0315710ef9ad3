import { Client, credentials, type ServiceDefinition } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import { promised } from './bank.fixture.js';

/** What a probe is told of a server, or of one of its names. */
export async function healthStatus(address: string, name = ''): Promise<unknown> {
  const client = healthClient(address);
  try {
    const { status } = (await client.check({ service: name })) as { status: unknown };
    return status;
  } finally {
    client.close();
  }
}

type Method = ServiceDefinition[string];

interface HealthRequest {
  service: string;
}

/** A client of the standard health service. */
export function healthClient(address: string) {
  const methods: Partial<Record<string, Method>> = service;
  const { Check, Watch } = methods as Record<'Check' | 'Watch', Method>;
  const client = new Client(address, credentials.createInsecure());
  const raw = (bytes: Buffer) => bytes;
  return {
    check: promised<HealthRequest, unknown>((...call) =>
      client.makeUnaryRequest(Check.path, Check.requestSerialize, Check.responseDeserialize, ...call),
    ),
    checkRaw: promised<Buffer, Buffer | undefined>((...call) =>
      client.makeUnaryRequest(Check.path, raw, raw, ...call),
    ),
    watch: (request: HealthRequest) =>
      client.makeServerStreamRequest(Watch.path, Watch.requestSerialize, Watch.responseDeserialize, request),
    close: () => {
      client.close();
    },
  };
}

/** A client of the seed's service made from its proto file, as any of its clients would be. */
import { fileURLToPath } from 'node:url';
import {
  credentials,
  loadPackageDefinition,
  type Client,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const BANK_PROTO = fileURLToPath(new URL('../../../../proto/seed/bank.proto', import.meta.url));

export type SeedClient = ReturnType<typeof seedClient>;

type Answer = Record<string, unknown>;
type Method = (request: object, callback: (error: ServiceError | null, answer: Answer) => void) => void;

export function seedClient(address: string) {
  const { Bank } = loadPackageDefinition(loadSync(BANK_PROTO, { keepCase: true }));
  const client = new (Bank as ServiceClientConstructor)(address, credentials.createInsecure());
  const close = () => {
    client.close();
  };
  return {
    call: (name: string, request: object) =>
      new Promise<Answer>((resolve, reject) => {
        const method = (client as Client & Record<string, Method>)[name]?.bind(client);
        if (method === undefined) throw new Error(`the proto file has no method ${name}`);
        method(request, (error, answer) => {
          if (error === null) resolve(answer);
          else reject(error);
        });
      }),
    close,
    [Symbol.dispose]: close,
  };
}

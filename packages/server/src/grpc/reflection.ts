import { readFileSync } from 'node:fs';
import type { Server, UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

/** Server reflection, so that tools such as grpcurl can list and call everything without the proto files. */
export function addReflection(server: Server): void {
  const descriptors = loadFileDescriptorSetFromBuffer(readFileSync(DESCRIPTORS));
  new ReflectionService(descriptors).addToServer({
    addService: (definition, implementation) => {
      server.addService(definition, withPackagelessSymbols(implementation));
    },
  });
}

/** Made by `buf build` from the proto files, and shipped with the package. */
const DESCRIPTORS = new URL('../descriptors.binpb', import.meta.url);

interface ReflectionRequest {
  fileContainingSymbol?: string;
}

interface ReflectionResponse {
  listServicesResponse?: { service: { name: string }[] };
}

interface ReflectionStream {
  on(event: 'data' | 'end', listener: (request: ReflectionRequest) => void): void;
  write(response: ReflectionResponse): void;
  end(): void;
}

/**
 * `@grpc/reflection` knows symbols without a package, such as the seed's `Bank`, only with a dot in front; clients ask
 * for and expect them without. (grpc/grpc-node, packages/grpc-reflection, protobuf-visitor)
 */
function withPackagelessSymbols(implementation: UntypedServiceImplementation): UntypedServiceImplementation {
  const handle = implementation['ServerReflectionInfo'] as unknown as (stream: ReflectionStream) => void;
  return {
    ServerReflectionInfo: (stream: ReflectionStream) => {
      handle({
        on: (event, listener) => {
          stream.on(event, (request) => {
            listener(event === 'data' ? withLeadingDot(request) : request);
          });
        },
        write: (response) => {
          stream.write(withoutLeadingDots(response));
        },
        end: () => {
          stream.end();
        },
      });
    },
  };
}

function withLeadingDot(request: ReflectionRequest): ReflectionRequest {
  const symbol = request.fileContainingSymbol;
  if (symbol === undefined || PACKAGED.test(symbol)) return request;
  return { ...request, fileContainingSymbol: `.${symbol}` };
}

function withoutLeadingDots(response: ReflectionResponse): ReflectionResponse {
  const services = response.listServicesResponse?.service;
  if (services === undefined) return response;
  const service = services.map(({ name }) => ({ name: name.replace(/^\./, '') }));
  return { ...response, listServicesResponse: { service } };
}

/** Every package that the descriptors hold. */
const PACKAGED = /^(giro|google|grpc)\./;

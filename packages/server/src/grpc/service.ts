import type {
  MethodDefinition,
  Server,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { answerStreaming, type StreamingHandler, type StreamOptions } from './streaming-call.js';
import { answerUnary, type UnaryHandler } from './unary-call.js';

/** One handler for each method of a service. */
export type ServiceHandlers<Service> = {
  readonly [Method in keyof Service]: Service[Method] extends MethodDefinition<infer Request, infer Response>
    ? Service[Method] extends { readonly responseStream: true }
      ? StreamingHandler<Request, Response>
      : UnaryHandler<Request, Response>
    : never;
};

/**
 * Adds a service whose methods are async functions, and async generators where they answer with a stream. All calls go
 * through here, so that none is left without an answer or without its one line in the log, whatever was sent and
 * whatever the handler throws.
 */
export function addService<Service extends ServiceDefinition>(
  server: Server,
  log: Logger,
  service: Service,
  handlers: ServiceHandlers<Service>,
  options: StreamOptions,
): void {
  const definition: Record<string, MethodDefinition<Buffer, unknown>> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries<MethodDefinition<unknown, unknown>>(service)) {
    // grpc-js answers a request that it cannot read without a reason, so it gets the bytes only.
    definition[name] = { ...method, requestDeserialize: (bytes) => bytes };
    const handler: unknown = handlers[name as keyof Service];
    implementation[name] = method.responseStream
      ? answerStreaming(log, method, handler as StreamingHandler<unknown, unknown>, options)
      : answerUnary(log, method, handler as UnaryHandler<unknown, unknown>, options);
  }
  server.addService(definition, implementation);
}

import { setMaxListeners } from 'node:events';
import { Server, type ServerInterceptor } from '@grpc/grpc-js';
import {
  AccountServiceService,
  BranchServiceService,
  JournalServiceService,
  ANSWER_BYTES_MAX,
  seed,
  TransferServiceService,
} from '@giro/sdk/protocol';
import { accountService } from './account-service.js';
import { requireToken, type KnownTokens } from './bearer-token.js';
import { branchService } from './branch-service.js';
import type { CallObserver } from './call-record.js';
import { addHealth } from './health.js';
import { journalService } from './journal-service.js';
import { listen } from './listen.js';
import { trackOpenCalls, type OpenCalls } from './open-calls.js';
import { RECEIVED_BYTES_MAX } from './read-request.js';
import { addReflection } from './reflection.js';
import { seedService } from './seed-service.js';
import { addService } from './service.js';
import type { Services } from './services.js';
import { serverCredentials, type ServerTls } from './tls.js';
import { transferService } from './transfer-service.js';
import type { CallOptions } from './unary-call.js';

/** How long calls in flight may take to end, once the server stops taking new ones. */
const DRAIN_TIMEOUT_MS = 10_000;

/** Calls under way on one connection; further ones wait in the client, not in this server's memory. */
const CONCURRENT_CALLS_MAX = 1_024;

/** How long clients may take to read that their calls were cut off. */
const LAST_WORDS_TIMEOUT_MS = 1_000;

/** A client that does not answer a ping within 20 s (the default of grpc-js) after this long is gone for good. */
const KEEPALIVE_TIME_MS = 60_000;

/** Where to listen, and how long to wait at the end. */
export interface GrpcServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly drainTimeoutMs?: number;
  readonly slowReaderTimeoutMs?: number | undefined;
  /** What comes between a call and its handler, the handler's end last. */
  readonly interceptors?: readonly ServerInterceptor[];
  /**
   * How to begin to take calls; it gives the port.
   *
   * @defaultValue {@link listen}
   */
  readonly listen?: typeof listen;
  /**
   * Lets a call in, or throws a RequestError that says why none is.
   *
   * @defaultValue all are let in
   */
  readonly admit?: (() => void) | undefined;
  readonly onCall?: CallObserver | undefined;
  /** @defaultValue plaintext */
  readonly tls?: ServerTls | undefined;
  /**
   * The bearer tokens of which every call needs one, health checks and reflection aside.
   *
   * @defaultValue calls need none
   */
  readonly tokens?: KnownTokens | undefined;
}

/** The gRPC face of the bank, listening. */
export interface GrpcServer {
  readonly port: number;
  /** Tells the health service whether calls should be sent here: at first not, and never again once it stops. */
  setServing(serving: boolean): void;
  /**
   * Says NOT_SERVING, ends open streams, lets the calls in flight end, and cuts off what takes longer than the drain
   * timeout.
   */
  close(): Promise<void>;
}

/** @throws StartError if it cannot listen there */
export async function startGrpcServer(services: Services, options: GrpcServerOptions): Promise<GrpcServer> {
  const { host, port, drainTimeoutMs = DRAIN_TIMEOUT_MS, interceptors = [] } = options;
  const calls = trackOpenCalls((path) => OWN_SERVICES.some((name) => path.startsWith(`/${name}/`)));
  const server = new Server({
    'grpc.max_receive_message_length': RECEIVED_BYTES_MAX,
    'grpc.max_send_message_length': ANSWER_BYTES_MAX,
    'grpc.max_concurrent_streams': CONCURRENT_CALLS_MAX,
    'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
    interceptors: [calls.interceptor, ...interceptors],
  });
  const { log } = services;
  const stopping = new AbortController();
  // Every stream listens.
  setMaxListeners(Infinity, stopping.signal);
  const { slowReaderTimeoutMs, onCall } = options;
  const calling = { stopping: stopping.signal, slowReaderTimeoutMs, admit: admission(options), onCall };
  addService(server, log, BranchServiceService, branchService(services), calling);
  addService(server, log, AccountServiceService, accountService(services), calling);
  addService(server, log, TransferServiceService, transferService(services), calling);
  addService(server, log, JournalServiceService, journalService(services), calling);
  addService(server, log, seed.BankService, seedService(services), calling);
  const health = addHealth(server, OWN_SERVICES);
  addReflection(server);
  const boundPort = await (options.listen ?? listen)(server, host, port, serverCredentials(options.tls));
  return {
    port: boundPort,
    setServing: (serving) => {
      if (!stopping.signal.aborted) health.setServing(serving);
    },
    close: () => {
      health.setServing(false);
      stopping.abort();
      calls.endStreams();
      return drain(server, calls, drainTimeoutMs);
    },
  };
}

/** First who calls, then whether anybody can be answered now. */
function admission({ admit, tokens }: GrpcServerOptions): CallOptions['admit'] {
  const authorize = tokens === undefined ? undefined : requireToken(tokens);
  return (metadata) => {
    authorize?.(metadata);
    admit?.();
  };
}

/** Their streams end by themselves when the server stops; health's and reflection's do not. */
const OWN_SERVICES = [
  'giro.v1.BranchService',
  'giro.v1.AccountService',
  'giro.v1.TransferService',
  'giro.v1.JournalService',
  'Bank',
];

/** tryShutdown waits for ever on a call that does not end (grpc/grpc-node#1458). */
function drain(server: Server, calls: OpenCalls, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    let timer = setTimeout(() => {
      calls.endAll();
      timer = setTimeout(() => {
        server.forceShutdown();
      }, LAST_WORDS_TIMEOUT_MS);
    }, timeoutMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

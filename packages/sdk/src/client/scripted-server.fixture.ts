import { createServer, type AddressInfo, type Socket } from 'node:net';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type handleServerStreamingCall,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type StatusObject,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { catalogue, describeReason, type Reason, type ReasonMetadata } from '../catalogue/catalogue.js';
import { AccountServiceService, type AccountServiceServer } from '../gen/giro/v1/account_service.js';
import { BranchServiceService, type BranchServiceServer } from '../gen/giro/v1/branch_service.js';
import { JournalServiceService, type JournalServiceServer } from '../gen/giro/v1/journal_service.js';
import { TransferServiceService, type TransferServiceServer } from '../gen/giro/v1/transfer_service.js';
import { BankService, type BankServer } from '../gen/seed/bank.js';
import { encodeErrorDetail, STATUS_DETAILS_KEY } from '../wire/error-details.js';

type GiroServer = BranchServiceServer & AccountServiceServer & TransferServiceServer & JournalServiceServer;

/**
 * What the test lets a call answer: a message, or several by yielding them; or a status by throwing {@link StatusError}.
 */
type Script<Handler> =
  Handler extends handleServerStreamingCall<infer Request, infer Answer>
    ? (
        request: Request,
        call: ServerWritableStream<Request, Answer>,
      ) => Iterable<Answer> | AsyncIterable<Answer>
    : Handler extends (
          call: ServerUnaryCall<infer Request, infer Answer>,
          callback: sendUnaryData<infer _>,
        ) => void
      ? (request: Request, call: ServerUnaryCall<Request, Answer>) => Answer | Promise<Answer>
      : never;

type ScriptsOf<Service> = {
  // grpc-js gives every service an index signature, which would let any name pass.
  [Name in keyof Service as string extends Name ? never : Name]?: Script<Service[Name]>;
};

/** Calls without a script get UNIMPLEMENTED, as from an older server. */
export interface Scripts extends ScriptsOf<GiroServer> {
  seed?: ScriptsOf<BankServer>;
}

/** A real gRPC server on 127.0.0.1 whose answers the test writes. */
export interface ScriptedServer extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Paths of the calls that came, in order. */
  readonly calls: readonly string[];
  /** Until when the client waits for each, in milliseconds since 1970; Infinity for ever. */
  readonly deadlines: readonly number[];
  /** Breaks all connections and frees the port. */
  stop(): Promise<void>;
}

/** Where a scripted server listens, and how it wants to be spoken to. */
export interface ListenOptions {
  readonly host?: string;
  readonly credentials?: ServerCredentials;
}

export async function startScriptedServer(
  scripts: Scripts,
  port = 0,
  { host = '127.0.0.1', credentials = ServerCredentials.createInsecure() }: ListenOptions = {},
): Promise<ScriptedServer> {
  const server = new Server();
  const calls: string[] = [];
  const deadlines: number[] = [];
  const note = (call: { getPath(): string; getDeadline(): Date | number }) => {
    calls.push(call.getPath());
    deadlines.push(Number(call.getDeadline()));
  };
  const { seed = {}, ...giro } = scripts;
  for (const service of [
    BranchServiceService,
    AccountServiceService,
    TransferServiceService,
    JournalServiceService,
  ]) {
    addService(server, service, giro, note);
  }
  addService(server, BankService, seed, note);
  const bound = await bind(server, `${host}:${port}`, credentials);
  const stop = async () => {
    server.forceShutdown();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { address: `${host}:${bound}`, port: bound, calls, deadlines, stop, [Symbol.asyncDispose]: stop };
}

/** Lets the server listen. @returns its port */
export function bind(
  server: Server,
  address = '127.0.0.1:0',
  credentials = ServerCredentials.createInsecure(),
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

/** A status to answer with. */
export class StatusError extends Error {
  constructor(readonly answer: Partial<StatusObject>) {
    super(answer.details);
  }
}

/** A refusal or failure as a Giro server sends it. */
export function refusal(reason: Reason, metadata: ReasonMetadata = {}, replayed = false): StatusError {
  const code = status[catalogue[reason].code];
  return namedStatus(code, reason, describeReason(reason, metadata), metadata, replayed);
}

/** A status with `google.rpc.ErrorInfo`; the reason may be one that this version does not know. */
export function namedStatus(
  code: status,
  reason: string,
  details: string,
  metadata: ReasonMetadata = {},
  replayed = false,
): StatusError {
  const trailer = new Metadata();
  const detail = encodeErrorDetail(code, details, { reason, metadata, replayed });
  trailer.set(STATUS_DETAILS_KEY, Buffer.from(detail));
  return new StatusError({ code, details, metadata: trailer });
}

/** A status without Giro's reason. */
export function plainStatus(code: status, details = 'plain'): StatusError {
  return new StatusError({ code, details });
}

/** Accepts connections and never says anything. */
export async function startSilentServer(
  onConnection: (socket: Socket) => void = () => undefined,
): Promise<AsyncDisposable & { readonly address: string; readonly connections: number }> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An address that refuses connections: a port that was free a moment ago. */
export async function deadAddress(): Promise<string> {
  const server = await startSilentServer();
  await server[Symbol.asyncDispose]();
  return server.address;
}

function addService(
  server: Server,
  service: ServiceDefinition,
  scripts: object,
  note: (call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>) => void,
): void {
  const handlers: UntypedServiceImplementation = {};
  for (const [name, { responseStream }] of Object.entries(service)) {
    handlers[name] = responseStream
      ? (call: ServerWritableStream<unknown, unknown>) => {
          note(call);
          const script = Reflect.get(scripts, name) as Parameters<typeof stream>[0];
          stream(script, call).then(
            () => call.end(),
            (error: unknown) => call.emit('error', statusOf(error)),
          );
        }
      : (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
          note(call);
          const script = Reflect.get(scripts, name) as Parameters<typeof answer>[0];
          answer(script, call).then(
            (message) => {
              callback(null, message);
            },
            (error: unknown) => {
              callback(statusOf(error));
            },
          );
        };
  }
  server.addService(service, handlers);
}

async function answer(
  script: ((request: unknown, call: ServerUnaryCall<unknown, unknown>) => unknown) | undefined,
  call: ServerUnaryCall<unknown, unknown>,
): Promise<unknown> {
  if (script === undefined) throw plainStatus(status.UNIMPLEMENTED, 'no script');
  return await script(call.request, call);
}

/** Writes what the script yields, each when the one before has left, until the client hangs up. */
async function stream(
  script:
    | ((
        request: unknown,
        call: ServerWritableStream<unknown, unknown>,
      ) => Iterable<unknown> | AsyncIterable<unknown>)
    | undefined,
  call: ServerWritableStream<unknown, unknown>,
): Promise<void> {
  if (script === undefined) throw plainStatus(status.UNIMPLEMENTED, 'no script');
  const cancelled = new Promise<void>((resolve) => call.once('cancelled', resolve));
  for await (const message of script(call.request, call)) {
    if (call.cancelled) return;
    const written = new Promise<unknown>((resolve) => call.write(message, resolve));
    await Promise.race([cancelled, written]);
  }
}

function statusOf(error: unknown): Partial<StatusObject> {
  return error instanceof StatusError ? error.answer : { code: status.UNKNOWN, details: String(error) };
}

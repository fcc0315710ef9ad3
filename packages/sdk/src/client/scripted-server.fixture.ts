import { createServer, type AddressInfo, type Socket } from 'node:net';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceDefinition,
  type StatusObject,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { catalogue, describeReason, type Reason, type ReasonMetadata } from '../catalogue/catalogue.js';
import { AccountServiceService, type AccountServiceServer } from '../gen/giro/v1/account_service.js';
import { BranchServiceService, type BranchServiceServer } from '../gen/giro/v1/branch_service.js';
import { JournalServiceService, type JournalServiceServer } from '../gen/giro/v1/journal_service.js';
import type { Receipt } from '../gen/giro/v1/receipt.js';
import { TransferServiceService, type TransferServiceServer } from '../gen/giro/v1/transfer_service.js';
import { BankService, type BankServer } from '../gen/seed/bank.js';
import { encodeErrorDetail, STATUS_DETAILS_KEY } from '../wire/error-details.js';
import { timestampFromMicros } from '../wire/time.js';

type GiroServer = BranchServiceServer & AccountServiceServer & TransferServiceServer & JournalServiceServer;

/** What the test lets a call answer: a message, or a status by throwing {@link StatusError}. */
type Script<Handler> = Handler extends (
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
  /** Breaks all connections and frees the port. */
  stop(): Promise<void>;
}

export async function startScriptedServer(scripts: Scripts, port = 0): Promise<ScriptedServer> {
  const server = new Server();
  const calls: string[] = [];
  const { seed = {}, ...giro } = scripts;
  for (const service of [
    BranchServiceService,
    AccountServiceService,
    TransferServiceService,
    JournalServiceService,
  ]) {
    addService(server, service, giro, calls);
  }
  addService(server, BankService, seed, calls);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, boundPort) => {
      if (error === null) resolve(boundPort);
      else reject(error);
    });
  });
  const stop = async () => {
    server.forceShutdown();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { address: `127.0.0.1:${bound}`, port: bound, calls, stop, [Symbol.asyncDispose]: stop };
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

export const TIME_MICROS = 1_700_000_000_123_456n;

export function wireReceipt(id: string, branch = 17): Receipt {
  return {
    id,
    time: timestampFromMicros(TIME_MICROS),
    positions: [{ branch, position: 5n }],
    balance: { amount: 7_500n, currency: 'USD' },
    replayed: false,
  };
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

function addService(server: Server, service: ServiceDefinition, scripts: object, calls: string[]): void {
  const handlers: UntypedServiceImplementation = {};
  for (const name of Object.keys(service)) {
    const script = Reflect.get(scripts, name) as Parameters<typeof answer>[0];
    handlers[name] = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
      calls.push(call.getPath());
      answer(script, call).then(
        (message) => {
          callback(null, message);
        },
        (error: unknown) => {
          callback(
            error instanceof StatusError ? error.answer : { code: status.UNKNOWN, details: String(error) },
          );
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

import { Server, ServerCredentials } from '@grpc/grpc-js';
import {
  AccountServiceService,
  BranchServiceService,
  JournalServiceService,
  MESSAGE_BYTES_MAX,
  seed,
  TransferServiceService,
} from '@giro/sdk/protocol';
import { accountService } from './account-service.js';
import { branchService } from './branch-service.js';
import { addHealth } from './health.js';
import { journalService } from './journal-service.js';
import { addReflection } from './reflection.js';
import { seedService } from './seed-service.js';
import type { Services } from './services.js';
import { transferService } from './transfer-service.js';

/** How long calls in flight may take to end, once the server stops taking new ones. */
const DRAIN_TIMEOUT_MS = 10_000;

/** The gRPC face of the bank, listening. */
export interface GrpcServer {
  readonly port: number;
  /** Says NOT_SERVING, lets the calls in flight end, and cuts off what takes longer than {@link DRAIN_TIMEOUT_MS}. */
  close(): Promise<void>;
}

/** @throws if the port is taken or the host is not this machine's */
export async function startGrpcServer(services: Services, host: string, port: number): Promise<GrpcServer> {
  const server = new Server({
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
  });
  server.addService(BranchServiceService, branchService(services));
  server.addService(AccountServiceService, accountService(services));
  server.addService(TransferServiceService, transferService(services));
  server.addService(JournalServiceService, journalService(services));
  server.addService(seed.BankService, seedService(services));
  const health = addHealth(server, SERVICE_NAMES);
  addReflection(server);
  const boundPort = await bind(server, host, port);
  health.setServing(true);
  return {
    port: boundPort,
    close: () => {
      health.setServing(false);
      return drain(server);
    },
  };
}

const SERVICE_NAMES = [
  'giro.v1.BranchService',
  'giro.v1.AccountService',
  'giro.v1.TransferService',
  'giro.v1.JournalService',
  'Bank',
];

function bind(server: Server, host: string, port: number): Promise<number> {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
}

/** tryShutdown waits for ever on a call or stream that does not end (grpc/grpc-node#1458). */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
    }, DRAIN_TIMEOUT_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A real server on empty books of its own, in PostgreSQL or in memory, and a client for each of its services. */
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials, Metadata, status, type CallOptions, type ServiceError } from '@grpc/grpc-js';
import {
  AccountServiceClient,
  BranchServiceClient,
  decodeErrorDetail,
  JournalServiceClient,
  newWriteId,
  STATUS_DETAILS_KEY,
  TransferServiceClient,
  type Account,
  type VerifyJournalRequest,
  type WatchEntriesRequest,
} from '@giro/sdk/protocol';
import { Client } from 'pg';
import pino from 'pino';
import { inject } from 'vitest';
import { MemoryBooks } from '../memory/memory-books.js';
import { memoryReads } from '../memory/memory-reads.js';
import { MemoryStore } from '../memory/memory-store.js';
import { serveBooks } from '../serve-books.js';
import { startServer, type ServerOptions } from '../start-server.js';
import { emptyDatabase, query } from '../../test-support/database.js';

/** A line of the server's log. */
export type LogLine = Record<string, unknown>;

export type TestBank = Awaited<ReturnType<typeof startTestBank>>;

/** How long a test waits for an answer; a call that hangs shall fail by itself. */
const CALL_TIMEOUT_MS = 10_000;

/** Whether the books of this run are kept in memory, where there is no database to look into. */
export const inMemory = inject('keptIn') === 'memory';

/** Where a test bank's books are. */
interface Place {
  readonly databaseUrl: string;
  readonly books: MemoryBooks;
}

/** @param options - with the `place` of another test bank, on the same books */
export async function startTestBank(options: Partial<ServerOptions> & { readonly place?: Place } = {}) {
  const log: LogLine[] = [];
  const place = options.place ?? {
    databaseUrl: options.databaseUrl ?? (inMemory ? '' : await emptyDatabase()),
    books: new MemoryBooks(),
  };
  const { databaseUrl } = place;
  const server = inMemory
    ? await serveMemory(place.books, { log: logInto(log), ...options })
    : await startServer({ log: logInto(log), ...options, databaseUrl, port: 0 });
  const address = `127.0.0.1:${server.port}`;
  const branches = new BranchServiceClient(address, credentials.createInsecure());
  const accounts = new AccountServiceClient(address, credentials.createInsecure());
  const transfers = new TransferServiceClient(address, credentials.createInsecure());
  const journal = new JournalServiceClient(address, credentials.createInsecure());
  const clients = [branches, accounts, transfers, journal];
  return {
    address,
    place,
    databaseUrl,
    metricsPort: server.metricsPort,
    log,
    ...branchCalls(branches),
    ...accountCalls(accounts),
    ...transferCalls(transfers),
    ...journalCalls(journal),
    stop: () => server.close(),
    close: async () => {
      for (const client of clients) client.close();
      await server.close();
    },
  };
}

function serveMemory(books: MemoryBooks, { log, currency = 'USD' }: Pick<ServerOptions, 'log' | 'currency'>) {
  const clock = () => Date.now() * 1_000;
  const close = () => Promise.resolve();
  const kept = { store: new MemoryStore(books, clock), reads: memoryReads(books, clock), close };
  return serveBooks(kept, { log, currency, host: '127.0.0.1', port: 0 });
}

function branchCalls(branches: BranchServiceClient) {
  return {
    initializeBranch: promised(branches.initializeBranch.bind(branches)),
    addCash: promised(branches.addCash.bind(branches)),
    removeCash: promised(branches.removeCash.bind(branches)),
    closeBranch: promised(branches.closeBranch.bind(branches)),
    getBranch: promised(branches.getBranch.bind(branches)),
    listBranches: promised(branches.listBranches.bind(branches)),
    getTrialBalance: promised(branches.getTrialBalance.bind(branches)),
    getBankTrialBalance: promised(branches.getBankTrialBalance.bind(branches)),
    listInterbranchPositions: promised(branches.listInterbranchPositions.bind(branches)),
  };
}

function accountCalls(accounts: AccountServiceClient) {
  return {
    openAccount: promised(accounts.openAccount.bind(accounts)),
    freezeAccount: promised(accounts.freezeAccount.bind(accounts)),
    unfreezeAccount: promised(accounts.unfreezeAccount.bind(accounts)),
    closeAccount: promised(accounts.closeAccount.bind(accounts)),
    setOverdraftLimit: promised(accounts.setOverdraftLimit.bind(accounts)),
    setAccountMetadata: promised(accounts.setAccountMetadata.bind(accounts)),
    getAccount: promised(accounts.getAccount.bind(accounts)),
    listAccounts: promised(accounts.listAccounts.bind(accounts)),
    getBalances: promised(accounts.getBalances.bind(accounts)),
    listStatementLines: promised(accounts.listStatementLines.bind(accounts)),
  };
}

function transferCalls(transfers: TransferServiceClient) {
  return {
    deposit: promised(transfers.deposit.bind(transfers)),
    withdraw: promised(transfers.withdraw.bind(transfers)),
    transfer: promised(transfers.transfer.bind(transfers)),
    operatorTransfer: promised(transfers.operatorTransfer.bind(transfers)),
    placeHold: promised(transfers.placeHold.bind(transfers)),
    captureHold: promised(transfers.captureHold.bind(transfers)),
    releaseHold: promised(transfers.releaseHold.bind(transfers)),
    reverseTransfer: promised(transfers.reverseTransfer.bind(transfers)),
    executeGroup: promised(transfers.executeGroup.bind(transfers)),
    reverseGroup: promised(transfers.reverseGroup.bind(transfers)),
    abandonWrite: promised(transfers.abandonWrite.bind(transfers)),
    executeBatch: promised(transfers.executeBatch.bind(transfers)),
    getTransfer: promised(transfers.getTransfer.bind(transfers)),
    getTransfers: promised(transfers.getTransfers.bind(transfers)),
    getGroup: promised(transfers.getGroup.bind(transfers)),
    getHold: promised(transfers.getHold.bind(transfers)),
    listHolds: promised(transfers.listHolds.bind(transfers)),
  };
}

function journalCalls(journal: JournalServiceClient) {
  return {
    listEntries: promised(journal.listEntries.bind(journal)),
    getInclusionProof: promised(journal.getInclusionProof.bind(journal)),
    watchEntries: (request: WatchEntriesRequest, headers: Record<string, string> = {}) =>
      journal.watchEntries(request, metadataOf(headers)),
    verifyJournal: (request: VerifyJournalRequest) => journal.verifyJournal(request),
  };
}

/** Minor units of USD. */
export function usd(amount: bigint) {
  return { amount, currency: 'USD' };
}

export async function initialize(bank: TestBank, branch: number, cash = 1_000_00n) {
  return bank.initializeBranch({ id: newWriteId(), branch, initialBalance: usd(cash) });
}

/** Opens an account, in a branch that is there already. */
export async function open(
  bank: TestBank,
  branch: number,
  customer: string,
  currency = 'USD',
): Promise<Account> {
  const { account } = await bank.openAccount({ id: newWriteId(), branch, customer, currency });
  if (account === undefined) throw new Error('no account in the answer');
  return account;
}

/** Holds the lock of a branch, so that writes to it are in flight until it is released. */
export async function lockBranch({ databaseUrl }: { databaseUrl: string }, branch: number) {
  const holder = new Client({ connectionString: databaseUrl });
  await holder.connect();
  await holder.query('begin');
  await holder.query('select 1 from branches where branch_id = $1 for update', [branch]);
  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  return {
    /** Resolves once a write is in flight. */
    waitedFor: async () => {
      // Asked on other connections, since one transaction sees the activity of one moment only.
      while ((await query(databaseUrl, waiting)).length === 0) await sleep(10);
    },
    release: () => holder.end(),
  };
}

/** How a call was refused: the status, and the `google.rpc.ErrorInfo` of its trailer if there was one. */
export interface RefusedCall {
  readonly code: string;
  readonly details: string;
  readonly reason?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly replayed?: boolean;
}

/** Expects a call to be refused. */
export async function refusal(call: Promise<unknown>): Promise<RefusedCall> {
  try {
    await call;
  } catch (error) {
    return refusedCall(error as ServiceError);
  }
  throw new Error('the call was answered, not refused');
}

export function refusedCall({ code, details, metadata }: ServiceError): RefusedCall {
  const [packed] = metadata.get(STATUS_DETAILS_KEY);
  const detail = Buffer.isBuffer(packed) ? decodeErrorDetail(packed) : undefined;
  return { code: status[code], details, ...detail };
}

type Method<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => unknown;

export function promised<Request, Response>(method: Method<Request, Response>) {
  return (
    request: Request,
    headers: Record<string, string> = {},
    timeoutMs = CALL_TIMEOUT_MS,
  ): Promise<Response> => {
    return new Promise((resolve, reject) => {
      method(request, metadataOf(headers), { deadline: Date.now() + timeoutMs }, (error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  };
}

function metadataOf(headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  return metadata;
}

export function logInto(lines: LogLine[]) {
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()) as LogLine);
      done();
    },
  });
  return pino({ level: 'debug' }, sink);
}

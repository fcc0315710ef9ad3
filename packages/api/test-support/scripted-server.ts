import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { BranchServiceService, JournalServiceService, TransferServiceService } from '@giro/sdk/protocol';
import type {
  DepositRequest,
  DepositResponse,
  GetBranchRequest,
  GetBranchResponse,
  VerifyJournalRequest,
  VerifyJournalResponse,
  WatchEntriesRequest,
  WatchEntriesResponse,
} from '@giro/sdk/protocol';

/** What the test lets the server do with the calls that it knows. */
export interface Scripts {
  getBranch?: (call: ServerUnaryCall<GetBranchRequest, GetBranchResponse>) => Promise<GetBranchResponse>;
  deposit?: (call: ServerUnaryCall<DepositRequest, DepositResponse>) => Promise<DepositResponse>;
  watchEntries?: (call: ServerWritableStream<WatchEntriesRequest, WatchEntriesResponse>) => void;
  verifyJournal?: (call: ServerWritableStream<VerifyJournalRequest, VerifyJournalResponse>) => void;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly address: string;
}

/** A gRPC server that fails or dawdles as the test has it: a real bank cannot be made to. */
export async function startScriptedServer(scripts: Scripts): Promise<ScriptedServer> {
  const server = new Server();
  server.addService(BranchServiceService, { getBranch: scripted(scripts.getBranch) });
  server.addService(TransferServiceService, { deposit: scripted(scripts.deposit) });
  server.addService(JournalServiceService, {
    watchEntries: streamed(scripts.watchEntries),
    verifyJournal: streamed(scripts.verifyJournal),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function scripted<Request, Answer>(
  script?: (call: ServerUnaryCall<Request, Answer>) => Promise<Answer>,
): (call: ServerUnaryCall<Request, Answer>, answer: sendUnaryData<Answer>) => void {
  return (call, answer) => {
    if (script === undefined) {
      answer({ code: status.UNIMPLEMENTED });
      return;
    }
    script(call).then(
      (message) => {
        answer(null, message);
      },
      (error: unknown) => {
        answer({ code: status.UNKNOWN, details: String(error) });
      },
    );
  };
}

function streamed<Request, Message>(
  script: (call: ServerWritableStream<Request, Message>) => void = (call) =>
    call.emit('error', { code: status.UNIMPLEMENTED }),
): (call: ServerWritableStream<Request, Message>) => void {
  return script;
}

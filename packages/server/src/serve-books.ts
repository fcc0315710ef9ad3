import type { Logger } from 'pino';
import { NO_OBSERVER, type CommitObserver } from './commit/commit-observer.js';
import { Committer } from './commit/committer.js';
import { startSweeper, sweep } from './expiry/sweeper.js';
import { startGrpcServer, type GrpcServerOptions } from './grpc/grpc-server.js';
import { RequestError } from './request-error.js';
import { JournalVerifications } from './store/journal-verifications.js';
import type { Reads } from './store/reads.js';
import type { Store } from './store/store.js';
import { JournalWatch } from './watch/journal-watch.js';

/** The two sides of where books are kept, and how to let go of it. */
export interface KeptBooks {
  readonly store: Store;
  readonly reads: Reads;
  /** Hears of commits, and of those that failed. */
  readonly observer?: CommitObserver;
  /**
   * Resolves once the books can be used; until then calls are refused.
   *
   * @defaultValue they can be used at once
   * @throws if they never will be
   */
  ready?(): Promise<void>;
  /** Tells from now on when they can no longer be used, and when they can again. */
  watchUsable?(onChange: (usable: boolean) => void): void;
  close(): Promise<void>;
}

export interface ServeOptions extends GrpcServerOptions {
  readonly log: Logger;
  /** The currency of the seed's interface, ISO 4217. */
  readonly currency: string;
}

/** Books that are served. */
export interface ServedBooks {
  readonly port: number;
  /** Settles the holds that have expired, without waiting for the next time that it is done anyway. */
  sweep(): Promise<void>;
  /**
   * Stops in order: no new calls, those in flight answered or cut off, the last commit made, the books let go.
   * Idempotent.
   */
  close(): Promise<void>;
}

/**
 * Serves books by gRPC, wherever they are kept, and lets go of them at the end, or if it cannot begin.
 *
 * @throws StartError if it cannot listen there, or the books cannot be used
 */
export async function serveBooks(books: KeptBooks, options: ServeOptions): Promise<ServedBooks> {
  // What is there to be closed, in the order of the starts.
  const parts: Part[] = [books];
  try {
    const { port, sweep } = await serve(books, options, parts);
    let closing: Promise<void> | undefined;
    const close = async () => {
      options.log.info('draining');
      await closeAll(parts);
      options.log.info('stopped');
    };
    return { port, sweep, close: () => (closing ??= close()) };
  } catch (error) {
    await closeAll(parts);
    throw error;
  }
}

interface Part {
  close(): Promise<void>;
}

/** @param parts - gets those added that are started */
async function serve(books: KeptBooks, options: ServeOptions, parts: Part[]) {
  const { store, reads } = books;
  const { log, currency, host } = options;
  const watch = new JournalWatch(reads, log);
  const committer = new Committer(store, log, commitObserver(watch, books.observer));
  parts.push(committer);
  const verifications = new JournalVerifications(reads);
  const services = { committer, reads, watch, verifications, log, currency };
  let usable = books.ready === undefined;
  const admit = () => {
    if (!usable) throw new RequestError('UNAVAILABLE', 'the server waits for its database');
  };
  const grpc = await startGrpcServer(services, { ...options, admit });
  parts.push(grpc);
  const { port } = grpc;
  if (!usable) log.info({ host, port }, 'listening');
  await books.ready?.();
  usable = true;
  books.watchUsable?.((isUsable) => {
    grpc.setServing(isUsable);
  });
  const sweeper = startSweeper(reads, committer, log);
  // To be closed before the committer, which would refuse what it finds.
  parts.splice(parts.indexOf(committer) + 1, 0, sweeper);
  grpc.setServing(true);
  log.info({ host, port }, 'serving');
  return {
    port,
    sweep: async () => {
      await sweep(reads, committer);
    },
  };
}

/** Closes what was started last first. */
async function closeAll(parts: readonly Part[]): Promise<void> {
  for (const part of [...parts].reverse()) await part.close();
}

/** Tells watchers what was committed, and whoever else wants to know. */
function commitObserver(watch: JournalWatch, other: CommitObserver = NO_OBSERVER): CommitObserver {
  return {
    ...other,
    committed: (batch) => {
      if (batch.seals.length > 0) watch.nudge(batch.seals.map(({ branch }) => branch));
      other.committed(batch);
    },
  };
}

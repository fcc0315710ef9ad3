import type { Logger } from 'pino';
import { Committer } from './commit/committer.js';
import { startSweeper, sweep } from './expiry/sweeper.js';
import { startGrpcServer, type GrpcServerOptions } from './grpc/grpc-server.js';
import { JournalVerifications } from './store/journal-verifications.js';
import type { Reads } from './store/reads.js';
import type { Store } from './store/store.js';
import { JournalWatch } from './watch/journal-watch.js';

/** The two sides of where books are kept, and how to let go of it. */
export interface KeptBooks {
  readonly store: Store;
  readonly reads: Reads;
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
 * @throws StartError if it cannot listen there
 */
export async function serveBooks(books: KeptBooks, options: ServeOptions): Promise<ServedBooks> {
  const { store, reads } = books;
  const { log, currency, host } = options;
  const watch = new JournalWatch(reads, log);
  const committer = new Committer(store, log, (branches) => {
    watch.nudge(branches);
  });
  const sweeper = startSweeper(reads, committer, log);
  const release = async () => {
    await sweeper.close();
    await committer.close();
    await books.close();
  };
  try {
    const verifications = new JournalVerifications(reads);
    const services = { committer, reads, watch, verifications, log, currency };
    const grpc = await startGrpcServer(services, options);
    log.info({ host, port: grpc.port }, 'serving');
    let closing: Promise<void> | undefined;
    const close = async () => {
      log.info('draining');
      await grpc.close();
      await release();
      log.info('stopped');
    };
    return {
      port: grpc.port,
      sweep: async () => {
        await sweep(reads, committer);
      },
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

import type { Logger } from 'pino';
import { serveBooks, type KeptBooks, type ServedBooks } from '../serve-books.js';
import { Connections } from './connections.js';
import { faultInterceptor } from './fault-interceptor.js';
import type { InjectedFaults } from './injected-faults.js';

/** One branch server of a test bank. It keeps its address, whether it runs or not. */
export interface TestServer {
  /** `host:port` */
  readonly address: string;
  /** Whether it takes calls. */
  readonly running: boolean;
  /**
   * Stops it as an operator does: health says NOT_SERVING, streams are ended, calls in flight get 10 seconds to end.
   * Does nothing if it does not run.
   */
  stop(): Promise<void>;
  /**
   * Ends it as a crash does: all connections are cut, and whoever waits for an answer hears nothing. What the bank has
   * not begun on is not applied; the books stay, as in a database.
   */
  kill(): Promise<void>;
  /** Lets it come back at its address. Does nothing if it runs. @throws Error if its port was taken meanwhile */
  start(): Promise<void>;
  /** Cuts all connections; it goes on taking new ones. */
  disconnect(): void;
}

/** What a server of a test bank needs. */
export interface TestServerOptions {
  readonly books: KeptBooks;
  readonly faults: InjectedFaults;
  readonly index: number;
  readonly log: Logger;
  readonly currency: string;
}

const HOST = '127.0.0.1';

/** A server that can go away and come back. */
export class RestartableServer implements TestServer {
  readonly #options: TestServerOptions;
  readonly #connections = new Connections();
  #served: ServedBooks | undefined;
  #port = 0;
  /** The end of what was begun last: starts and stops happen one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: TestServerOptions) {
    this.#options = options;
  }

  get address(): string {
    return `${HOST}:${this.#port}`;
  }

  get running(): boolean {
    return this.#served !== undefined;
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      this.#served ??= await this.#serve();
      this.#port = this.#served.port;
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  kill(): Promise<void> {
    // At once, since a stop that is under way may be waiting for them.
    this.disconnect();
    return this.#inTurn(() => {
      const ended = this.#end();
      // Whoever has come back meanwhile.
      this.disconnect();
      return ended;
    });
  }

  disconnect(): void {
    this.#connections.cutAll();
  }

  /** Settles the holds that have expired, if it runs. */
  async sweep(): Promise<void> {
    await this.#served?.sweep();
  }

  #serve(): Promise<ServedBooks> {
    const { books, faults, index: server, log, currency } = this.#options;
    return serveBooks(books, {
      ...{ log, currency, host: HOST, port: this.#port },
      listen: (...where) => this.#connections.listen(...where),
      interceptors: [
        faultInterceptor({
          befalling: (call) => faults.befalling({ ...call, server }),
          cut: (port) => {
            this.#connections.cut(port);
          },
        }),
      ],
    });
  }

  async #end(): Promise<void> {
    const served = this.#served;
    this.#served = undefined;
    if (served !== undefined) await Promise.all([served.close(), this.#connections.close()]);
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

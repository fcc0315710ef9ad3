import { isCurrency } from '@giro/sdk/protocol';
import pino, { type Logger } from 'pino';
import { MemoryBooks } from '../memory/memory-books.js';
import { memoryReads } from '../memory/memory-reads.js';
import { MemoryStore } from '../memory/memory-store.js';
import { InjectedFaults } from './injected-faults.js';
import { MovableClock, type TestClock } from './test-clock.js';
import type { TestFaults } from './test-faults.js';
import { RestartableServer, type TestServer } from './test-server.js';

/** Branch servers of one test bank: enough for any test of routing and failover. */
const SERVERS_MAX = 16;

/** How a test bank is to be. */
export interface TestBankOptions {
  /**
   * How many branch servers serve it, each on a free port of 127.0.0.1; 1 to 16.
   *
   * @defaultValue 1
   */
  readonly servers?: number;
  /**
   * What its clock shows at the start; it runs on from there.
   *
   * @defaultValue the time of the machine
   */
  readonly now?: Date;
  /**
   * The currency of the seed's interface, ISO 4217.
   *
   * @defaultValue 'USD'
   */
  readonly currency?: string;
  /**
   * Where the servers log to.
   *
   * @defaultValue nowhere
   */
  readonly log?: Logger;
}

/** A bank for tests: real branch servers in this process, on books in memory. */
export interface TestBank extends AsyncDisposable {
  /** Of all servers, `host:port` each: for `new Bank({ servers })`. They stay the same as servers go and come back. */
  readonly addresses: readonly string[];
  /** In the order of their indexes. */
  readonly servers: readonly TestServer[];
  /** What the bank takes the time to be, to be moved forward. */
  readonly clock: TestClock;
  /** Injects latency, refusals, cut connections and lost answers. */
  readonly faults: TestFaults;
  /** Ends all servers and cuts their connections; then nothing of the bank is left. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a bank in this process, in a fraction of a second: real gRPC servers, and the same rules, seals, refusals and
 * answers as in production. What differs: the books are in memory and gone when it is closed, a write costs no flush to
 * disk, and its clock is the test's.
 *
 * @throws RangeError or TypeError if an option is wrong
 */
export async function startTestBank(options: TestBankOptions = {}): Promise<TestBank> {
  const { servers: count, now, currency, log } = checked(options);
  const clock = new MovableClock(now.getTime());
  const memory = new MemoryBooks();
  const micros = () => clock.micros;
  const close = () => Promise.resolve();
  const books = { store: new MemoryStore(memory, micros), reads: memoryReads(memory, micros), close };
  const faults = new InjectedFaults(count);
  const servers = Array.from(
    { length: count },
    (_, index) => new RestartableServer({ books, faults, index, log, currency }),
  );
  const end = async () => {
    await Promise.all(servers.map((server) => server.kill()));
  };
  await Promise.all(servers.map((server) => server.start()));
  return {
    addresses: servers.map(({ address }) => address),
    servers,
    clock: {
      now: () => new Date(clock.micros / 1_000),
      advance: async (ms) => {
        clock.advance(ms);
        await servers.find(({ running }) => running)?.sweep();
      },
    },
    faults,
    close: end,
    [Symbol.asyncDispose]: end,
  };
}

function checked(options: TestBankOptions): Required<TestBankOptions> {
  const { servers = 1, now = new Date(), currency = 'USD', log = pino({ level: 'silent' }) } = options;
  if (!(Number.isInteger(servers) && servers >= 1 && servers <= SERVERS_MAX)) {
    throw new RangeError(`servers: ${servers} cannot be; it must be a whole number from 1 to ${SERVERS_MAX}`);
  }
  if (!(now.getTime() >= 0)) throw new RangeError('now: it must be a valid date of 1970 or later');
  if (!isCurrency(currency)) throw new TypeError(`currency: '${currency}' is no ISO 4217 code such as USD`);
  return { servers, now, currency, log };
}

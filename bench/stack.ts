import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/build.js';
import { startBank, type RunningBank } from './bank.js';
import { startChild, type Child } from './child.js';
import { startDatabase, type BenchDatabase } from './database.js';
import type { Job } from './job.js';
import { fillPgbench, findPgbench, type PgbenchDatabase } from './pgbench.js';

/** All that runs for the benchmark, and how to stop it. */
export class Stack {
  readonly #parts: Set<Part>;
  readonly #signal: AbortSignal;
  readonly #logDir: string;
  readonly database: BenchDatabase;
  /** Puts the load on. */
  readonly worker: Child;
  readonly #peers = new Map<string, Promise<Child>>();
  #hasGrown = false;
  #pgbench: Promise<PgbenchDatabase | undefined> | undefined;

  private constructor(
    parts: Set<Part>,
    signal: AbortSignal,
    logDir: string,
    database: BenchDatabase,
    worker: Child,
  ) {
    this.#parts = parts;
    this.#signal = signal;
    this.#logDir = logDir;
    this.database = database;
    this.worker = worker;
  }

  /** Starts PostgreSQL and a load process, and fills the database that each round begins with. */
  static async start(signal: AbortSignal): Promise<Stack> {
    const parts = new Set<Part>();
    try {
      const logDir = await mkdtemp(join(tmpdir(), 'giro-bench-logs-'));
      parts.add({ stop: () => rm(logDir, { recursive: true }) });
      const database = await startDatabase(signal);
      parts.add(database);
      const program = join(root, 'bench/worker.ts');
      const worker = await startChild({ name: 'The load process', program, signal });
      parts.add(worker);
      const stack = new Stack(parts, signal, logDir, database, worker);
      await stack.#fillBank(TEMPLATE, (server) => [{ kind: 'fill', server }]);
      return stack;
    } catch (error) {
      await stopAll(parts);
      throw error;
    }
  }

  /** Banks that have just started, and a database like that of a fresh one for the floor. */
  async startRound(): Promise<Round> {
    for (const name of [FRESH, FLOOR]) await this.database.create(name, TEMPLATE);
    const fresh = await this.#startBank(FRESH);
    const grown = this.#hasGrown ? await this.#startBank(GROWN) : undefined;
    return {
      ...{ fresh, grown, floorUrl: this.database.url(FLOOR) },
      stop: async () => {
        for (const bank of [fresh, grown]) await bank?.stop();
        for (const name of [FRESH, FLOOR]) await this.database.drop(name);
      },
    };
  }

  /** Makes a bank that each further round begins with, beside the fresh one. */
  async grow(jobsFor: (server: string) => readonly Job[]): Promise<void> {
    await this.#fillBank(GROWN, jobsFor);
    await this.database.checkpoint();
    this.#hasGrown = true;
  }

  /** A peer's server; it is started when it is first needed. */
  peer(name: 'express' | 'grpc'): Promise<Child> {
    const running = this.#peers.get(name) ?? this.#startPeer(name);
    this.#peers.set(name, running);
    return running;
  }

  /** A database with pgbench's tables, made when it is first needed; undefined if there is no pgbench. */
  pgbench(): Promise<PgbenchDatabase | undefined> {
    return (this.#pgbench ??= this.#makePgbench());
  }

  /** Stops everything, in the opposite order of starting. */
  stop(): Promise<void> {
    return stopAll(this.#parts);
  }

  async #startPeer(name: string): Promise<Child> {
    const program = join(root, `bench/${name}-peer.ts`);
    const peer = await startChild({ name: `The ${name} peer`, program, signal: this.#signal });
    this.#parts.add(peer);
    return peer;
  }

  async #makePgbench(): Promise<PgbenchDatabase | undefined> {
    const program = findPgbench();
    if (program === undefined) return undefined;
    await this.database.create(PGBENCH);
    const made = { program, url: this.database.url(PGBENCH), signal: this.#signal };
    await fillPgbench(made);
    return made;
  }

  /** Makes a bank of its own, which is stopped then. */
  async #fillBank(name: string, jobsFor: (server: string) => readonly Job[]): Promise<void> {
    await this.database.create(name, name === TEMPLATE ? undefined : TEMPLATE);
    const bank = await this.#startBank(name);
    for (const job of jobsFor(bank.address)) await this.worker.ask(job);
    await bank.stop();
  }

  async #startBank(database: string): Promise<RunningBank> {
    const bank = await startBank(this.database.url(database), this.#logDir, this.#signal);
    const part = {
      ...bank,
      stop: async () => {
        this.#parts.delete(part);
        await bank.stop();
      },
    };
    this.#parts.add(part);
    return part;
  }
}

/** What the points of a round are measured on. */
export interface Round {
  readonly fresh: RunningBank;
  /** With much in the books, if one was grown. */
  readonly grown: RunningBank | undefined;
  readonly floorUrl: string;
  /** Stops the banks and drops the databases, except for that of the grown one. */
  stop(): Promise<void>;
}

interface Part {
  stop(): Promise<void>;
}

const [TEMPLATE, FRESH, GROWN] = ['bench_template', 'bench_fresh', 'bench_grown'];
const [FLOOR, PGBENCH] = ['bench_floor', 'bench_pgbench'];

async function stopAll(parts: Set<Part>): Promise<void> {
  for (const part of [...parts].reverse()) {
    parts.delete(part);
    await part.stop();
  }
}

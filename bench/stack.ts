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
  readonly #parts: Part[];
  readonly #signal: AbortSignal;
  readonly #logDir: string;
  readonly database: BenchDatabase;
  /** Puts the load on. */
  readonly worker: Child;
  readonly #peers = new Map<string, Promise<Child>>();
  #pgbench: Promise<PgbenchDatabase | undefined> | undefined;

  private constructor(
    parts: Part[],
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
    const parts: Part[] = [];
    try {
      const logDir = await mkdtemp(join(tmpdir(), 'giro-bench-logs-'));
      parts.push({ stop: () => rm(logDir, { recursive: true }) });
      const database = await startDatabase(signal);
      parts.push(database);
      const program = join(root, 'bench/worker.ts');
      const worker = await startChild({ name: 'The load process', program, signal });
      parts.push(worker);
      const stack = new Stack(parts, signal, logDir, database, worker);
      await stack.#fill();
      return stack;
    } catch (error) {
      await stopAll(parts);
      throw error;
    }
  }

  /** A bank on a database like that of every other round, and another such database for the floor. */
  async startRound(): Promise<Round> {
    for (const name of [BANK, FLOOR]) await this.database.create(name, TEMPLATE);
    const bank = await startBank(this.database.url(BANK), this.#logDir, this.#signal);
    const round = {
      bank,
      floorUrl: this.database.url(FLOOR),
      stop: async () => {
        this.#parts.splice(this.#parts.indexOf(round), 1);
        await bank.stop();
        for (const name of [BANK, FLOOR]) await this.database.drop(name);
      },
    };
    this.#parts.push(round);
    return round;
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
    this.#parts.push(peer);
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

  async #fill(): Promise<void> {
    await this.database.create(TEMPLATE);
    const bank = await startBank(this.database.url(TEMPLATE), this.#logDir, this.#signal);
    try {
      const job: Job = { kind: 'fill', server: bank.address };
      await this.worker.ask(job);
    } finally {
      await bank.stop();
    }
  }
}

/** What the points of a round are measured on. */
export interface Round {
  readonly bank: RunningBank;
  readonly floorUrl: string;
  /** Stops the bank and drops the databases. */
  stop(): Promise<void>;
}

interface Part {
  stop(): Promise<void>;
}

const [TEMPLATE, BANK, FLOOR, PGBENCH] = ['bench_template', 'bench_bank', 'bench_floor', 'bench_pgbench'];

async function stopAll(parts: Part[]): Promise<void> {
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) await part.stop();
}

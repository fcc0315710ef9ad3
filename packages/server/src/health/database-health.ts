import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../store/database.js';
import { databaseTrouble } from '../store/database-trouble.js';

/** How often a database without trouble is asked how it is: readiness follows it within seconds. */
const CHECK_INTERVAL_MS = 2_000;

/** How often one in trouble is tried again: each try writes something. */
const RETRY_INTERVAL_MS = 1_000;

/** What a check needs. */
export interface DatabaseHealthOptions {
  readonly database: Pick<Database, 'glance'>;
  /** Writes something and takes it back. @throws if the database takes no writes */
  readonly probeWrites: () => Promise<void>;
  readonly log: Pick<Logger, 'info' | 'error'>;
}

/**
 * Knows whether the database can be used, for readiness. It asks now and then, and hears of commits that failed; once
 * there was trouble, only a write that succeeds ends it.
 */
export class DatabaseHealth {
  readonly #options: DatabaseHealthOptions;
  readonly #stop = new AbortController();
  #onChange: (usable: boolean) => void = () => undefined;
  #trouble: string | undefined;
  #running: Promise<void> | undefined;

  constructor(options: DatabaseHealthOptions) {
    this.#options = options;
  }

  /** Why the database cannot be used; undefined if it can. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /**
   * Begins to look after a database that can be used.
   *
   * @param onChange - hears of each change; must not throw
   */
  start(onChange: (usable: boolean) => void): void {
    this.#onChange = onChange;
    this.#running ??= this.#run(this.#stop.signal);
  }

  /** Says that a commit failed for the database's sake. */
  noteTrouble(error: unknown): void {
    const { reason } = databaseTrouble(error);
    const changed = reason !== this.#trouble;
    const began = this.#trouble === undefined;
    this.#trouble = reason;
    // One line for each reason: the next check or commit finds the same one again.
    if (changed) this.#options.log.error({ reason }, `the database cannot be used: ${reason}`);
    if (began) this.#onChange(false);
  }

  /** Resolves once no check is under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const pause = () => {
      const pauseMs = this.#trouble === undefined ? CHECK_INTERVAL_MS : RETRY_INTERVAL_MS;
      return sleep(pauseMs * (0.5 + Math.random()), true, { signal }).catch(() => false);
    };
    while (await pause()) {
      await this.#check().catch((error: unknown) => {
        // Not if it came of the stop.
        if (!signal.aborted) this.noteTrouble(error);
      });
    }
  }

  async #check(): Promise<void> {
    const { database, probeWrites, log } = this.#options;
    if (this.#trouble === undefined) {
      const [row] = await database.glance<{ read_only: boolean }>(IS_READ_ONLY, []);
      if (row?.read_only === true) throw new Error('it is read-only');
      return;
    }
    await probeWrites();
    this.#trouble = undefined;
    log.info('the database can be used again');
    this.#onChange(true);
  }
}

/** True on a standby, too. */
const IS_READ_ONLY = `select current_setting('transaction_read_only') = 'on' as read_only`;

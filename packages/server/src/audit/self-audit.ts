import { setTimeout as sleep } from 'node:timers/promises';
import { newWriteId } from '@giro/sdk/protocol';
import type { Logger } from 'pino';
import { claimAudit, keepAuditPlace, leaveAudit, type AuditPlace } from '../store/audit-state.js';
import type { Database } from '../store/database.js';
import { auditStep } from './audit-step.js';

/** The share of the time of one processor, and of one connection, that the audit may take. */
const WORK_SHARE = 0.05;

/** Shortest pause between two steps: an idle bank is asked no more often than this. */
const PAUSE_MIN_MS = 1_000;

/** Pause after all branches were audited, and of a server that is not the auditor. */
const ROUND_PAUSE_MS = 10_000;

/** Branches with a problem that are remembered: one is reason enough to look at the bank. */
const PROBLEMS_MAX = 100;

/** The audit as it is shown. */
export interface AuditState {
  /** Whether this server is the bank's auditor now. */
  readonly active: boolean;
  /** Entries that this server has proved since it started. */
  readonly entries: number;
  /** How often the whole bank was audited, by whichever server; as far as this one knows. */
  readonly rounds: number;
  /** When this server last ended a round, in milliseconds since 1970; 0 if never. */
  readonly roundEndedMs: number;
  /** Where branches do not fit, by branch. */
  readonly problems: ReadonlyMap<number, number>;
}

export interface SelfAuditOptions {
  readonly database: Database;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** @defaultValue {@link PAUSE_MIN_MS} */
  readonly pauseMinMs?: number;
  /** @defaultValue {@link ROUND_PAUSE_MS} */
  readonly roundPauseMs?: number;
}

/**
 * Proves the bank's journals and trial balances again and again, in the background. One server of a bank does it at a
 * time; another goes on where it has stopped.
 */
export class SelfAudit {
  readonly #options: Required<SelfAuditOptions>;
  readonly #server = newWriteId();
  readonly #stop = new AbortController();
  readonly #problems = new Map<number, number>();
  readonly #state = { active: false, entries: 0, rounds: 0, roundEndedMs: 0 };
  #running: Promise<void> | undefined;
  /** Up to where the branch under way is audited. */
  #goal: number | undefined;
  #failing = false;

  constructor(options: SelfAuditOptions) {
    this.#options = { pauseMinMs: PAUSE_MIN_MS, roundPauseMs: ROUND_PAUSE_MS, ...options };
  }

  get state(): AuditState {
    return { ...this.#state, problems: this.#problems };
  }

  start(): void {
    this.#running ??= this.#run(this.#stop.signal);
  }

  /** Lets another server go on. Resolves once no step is under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    // Without the database, the lease ends by itself.
    if (this.#state.active) await leaveAudit(this.#options.database, this.#server).catch(() => undefined);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { log, roundPauseMs } = this.#options;
    const pause = (pauseMs: number) =>
      sleep(pauseMs * (0.5 + Math.random()), true, { signal }).catch(() => false);
    for (let pauseMs = roundPauseMs; await pause(pauseMs);) {
      pauseMs = await this.#step().catch((error: unknown) => {
        // The database's health is told elsewhere.
        if (!this.#failing) log.warn({ err: error }, 'the self-audit cannot go on');
        this.#failing = true;
        return roundPauseMs;
      });
    }
  }

  /** @returns how long to pause */
  async #step(): Promise<number> {
    const { database, pauseMinMs, roundPauseMs } = this.#options;
    const place = await claimAudit(database, this.#server);
    this.#state.active = place !== undefined;
    if (place === undefined) {
      this.#goal = undefined;
      return roundPauseMs;
    }
    const startedMs = performance.now();
    const step = await auditStep(database, place, this.#goal);
    this.#goal = step.goal;
    this.#state.entries += step.entries;
    this.#note(step);
    await keepAuditPlace(database, this.#server, step.place);
    this.#failing = false;
    if (this.#endsRound(place, step.place)) return roundPauseMs;
    return Math.max((performance.now() - startedMs) * (1 / WORK_SHARE - 1), pauseMinMs);
  }

  #note({ branchDone, misfit }: Awaited<ReturnType<typeof auditStep>>): void {
    if (branchDone === undefined) return;
    if (misfit === undefined) {
      if (this.#problems.delete(branchDone)) {
        this.#options.log.info({ branch: branchDone }, 'the self-audit finds the branch in order again');
      }
      return;
    }
    const { position, message } = misfit;
    // At error level in each round: it is the loudest that a server can be, and it must not be missed.
    this.#options.log.error({ branch: branchDone, position, problem: message }, 'THE BOOKS DO NOT FIT');
    if (this.#problems.size < PROBLEMS_MAX) this.#problems.set(branchDone, position);
  }

  #endsRound(before: AuditPlace, { rounds }: AuditPlace): boolean {
    this.#state.rounds = rounds;
    if (rounds === before.rounds) return false;
    this.#state.roundEndedMs = Date.now();
    return true;
  }
}

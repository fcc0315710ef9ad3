import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AuditState } from '../audit/self-audit.js';
import type { CommitObserver, CommittedBatch } from '../commit/commit-observer.js';
import type { CallObserver } from '../grpc/call-record.js';
import type { ConnectionCounts } from '../store/database.js';
import { StoreError, type StoreFailure } from '../store/store.js';

/**
 * Branches that have a series of their own: the first so many that this server has committed to since it started. Each
 * costs a few hundred bytes here and a series in Prometheus; the bank may have ten thousand.
 */
export const TRACKED_BRANCHES_MAX = 1_000;

/** From half a millisecond, which nothing over the network beats, to the timeouts of reads and commits. */
const LATENCY_BUCKETS_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Up to the most commands of one commit. */
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** What may become of an attempt to commit. */
const FAILURES = [
  'conflict',
  'unavailable',
  'unknown',
  'rejected',
  'unforeseen',
] as const satisfies readonly (StoreFailure | 'unforeseen')[];

/** What is looked up when somebody asks for the metrics. */
export interface MetricSources {
  /** Commands that wait for a commit, in the lane where most do. */
  readonly queuedCommands: () => number;
  /** How many may, in each lane. */
  readonly queuedCommandsMax: number;
  /** Lanes in which commits are made side by side. */
  readonly commitLanes: () => number;
  /** Watches that are open. */
  readonly watches: () => number;
  /** Whether calls should be sent here. */
  readonly ready: () => boolean;
}

/**
 * What a server tells Prometheus. Labels are methods, reasons and branch ids, never customers, accounts or ids of
 * writes. Commits are counted once for each batch.
 */
export class ServerMetrics {
  readonly registry = new Registry();
  readonly calls: CallObserver;
  readonly commits: CommitObserver;
  readonly #connects: Counter;
  readonly #lost: Counter;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.calls = callMetrics(this.registry);
    this.commits = commitMetrics(this.registry);
    this.#connects = new Counter({
      name: 'giro_database_connects_total',
      help: 'Connections opened to the database',
      labelNames: ['use'],
      registers: [this.registry],
    });
    beginAtZero(this.#connects, 'use', ['reads', 'commits']);
    this.#lost = new Counter({
      name: 'giro_database_connections_lost_total',
      help: 'Idle connections that the database or the network ended',
      registers: [this.registry],
    });
  }

  /** @param use - what the connection is for */
  connected(use: 'reads' | 'commits'): void {
    this.#connects.inc({ use });
  }

  connectionLost(): void {
    this.#lost.inc();
  }

  /** Looks at the connections for reads when it is asked for. */
  watchConnections(counts: () => ConnectionCounts): void {
    new Gauge({
      name: 'giro_database_connections',
      help: 'Connections for reads: open, idle, and reads that wait for one',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        for (const [state, count] of Object.entries(counts())) this.set({ state }, Number(count));
      },
    });
  }

  /** Looks at the server's parts when it is asked for. */
  watchServer({ queuedCommands, queuedCommandsMax, commitLanes, watches, ready }: MetricSources): void {
    this.gauge(
      'giro_commit_queue_commands',
      'Commands that wait for a commit, in the lane where most do',
      queuedCommands,
    );
    this.gauge(
      'giro_commit_queue_commands_max',
      'Commands that may wait, in each lane',
      () => queuedCommandsMax,
    );
    this.gauge(
      'giro_commit_lanes',
      'Lanes of commits: one, and one for each database node that is gone to directly',
      commitLanes,
    );
    this.gauge('giro_watches', 'Watches that are open', watches);
    this.gauge('giro_ready', '1 if calls should be sent here, else 0', () => Number(ready()));
  }

  /** Looks at the audit when it is asked for. */
  watchAudit(state: () => AuditState): void {
    this.gauge('giro_audit_active', "1 if this server is the bank's auditor, else 0", () =>
      Number(state().active),
    );
    this.gauge(
      'giro_audit_entries',
      'Entries that this server has proved since it started',
      () => state().entries,
    );
    this.gauge('giro_audit_rounds', 'Audits of the whole bank that have ended', () => state().rounds);
    this.gauge(
      'giro_audit_round_ended_timestamp_seconds',
      'When this server last ended an audit of the whole bank; 0 if never',
      () => state().roundEndedMs / 1_000,
    );
    this.gauge(
      'giro_audit_problems',
      'Branches whose books do not fit: see the log',
      () => state().problems.size,
    );
  }

  /** A number that is looked up when it is asked for. */
  gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }
}

function callMetrics(registry: Registry): CallObserver {
  const calls = new Counter({
    name: 'giro_calls_total',
    help: 'Calls answered, by method and reason (OK, or as in docs/errors.md)',
    labelNames: ['method', 'reason'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'giro_call_duration_seconds',
    help: 'From the arrival of a call to its answer; of a stream, to its end',
    labelNames: ['method'],
    buckets: LATENCY_BUCKETS_SECONDS,
    registers: [registry],
  });
  const counted = remembered((method: string) => ({
    duration: durations.labels(method),
    reason: remembered((reason: string) => calls.labels(method, reason)),
  }));
  return (method, reason, ms) => {
    const { duration, reason: counterOf } = counted(method);
    duration.observe(ms / 1_000);
    counterOf(reason).inc();
  };
}

function commitMetrics(registry: Registry): CommitObserver {
  const registers = [registry];
  const durations = new Histogram({
    name: 'giro_commit_duration_seconds',
    help: 'From the begin of a transaction to the word that it is durable',
    labelNames: ['mode'],
    buckets: LATENCY_BUCKETS_SECONDS,
    registers,
  });
  for (const mode of ['optimistic', 'locked']) durations.zero({ mode });
  const byMode = { optimistic: durations.labels('optimistic'), locked: durations.labels('locked') };
  const batches = new Histogram({
    name: 'giro_commit_commands',
    help: 'Commands of one commit',
    buckets: BATCH_BUCKETS,
    registers,
  });
  const commands = new Counter({
    name: 'giro_commands_total',
    help: 'Commands decided: applied or refused for the first time, or replayed',
    labelNames: ['outcome'],
    registers,
  });
  beginAtZero(commands, 'outcome', ['applied', 'refused', 'replayed']);
  const [applied, refused, replayed] = ['applied', 'refused', 'replayed'].map((outcome) =>
    commands.labels(outcome),
  );
  const refusals = new Counter({
    name: 'giro_refusals_total',
    help: 'Commands refused for the first time, by reason',
    labelNames: ['reason'],
    registers,
  });
  const refusalsFor = remembered((reason: string) => refusals.labels(reason));
  const failures = new Counter({
    name: 'giro_commit_failures_total',
    help: 'Attempts to commit that failed; most are made again at once',
    labelNames: ['failure'],
    registers,
  });
  const givenUp = new Counter({
    name: 'giro_commits_given_up_total',
    help: 'Batches that got no decision in time: their callers must ask again',
    labelNames: ['failure'],
    registers,
  });
  for (const counter of [failures, givenUp]) beginAtZero(counter, 'failure', FAILURES);
  const positions = trackPositions(registry);
  return {
    committed: ({ outcomes, seals, durationMs, optimistic }) => {
      byMode[optimistic ? 'optimistic' : 'locked'].observe(durationMs / 1_000);
      batches.observe(outcomes.length);
      const counts = countOutcomes(outcomes);
      applied?.inc(counts.applied);
      refused?.inc(counts.refused);
      replayed?.inc(counts.replayed);
      for (const [reason, count] of counts.reasons) refusalsFor(reason).inc(count);
      for (const { branch, last } of seals) positions(branch, last);
    },
    attemptFailed: (error) => {
      failures.inc({ failure: failureOf(error) });
    },
    gaveUp: (error) => {
      givenUp.inc({ failure: failureOf(error) });
    },
  };
}

/** @returns takes note of where a journal ends */
function trackPositions(registry: Registry): (branch: number, position: number) => void {
  const positions = new Map<number, number>();
  new Gauge({
    name: 'giro_branch_position',
    help: `Where a branch's journal ends, of the first ${TRACKED_BRANCHES_MAX} branches that this server committed to`,
    labelNames: ['branch'],
    registers: [registry],
    collect() {
      for (const [branch, position] of positions) this.set({ branch }, position);
    },
  });
  return (branch, position) => {
    if (positions.size < TRACKED_BRANCHES_MAX || positions.has(branch)) positions.set(branch, position);
  };
}

function countOutcomes(outcomes: CommittedBatch['outcomes']) {
  const counts = { applied: 0, refused: 0, replayed: 0, reasons: new Map<string, number>() };
  for (const outcome of outcomes) {
    if (outcome.replayed) counts.replayed++;
    else if (outcome.kind === 'applied') counts.applied++;
    else {
      counts.refused++;
      const { reason } = outcome.refusal;
      counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1);
    }
  }
  return counts;
}

/** A rate of a series that begins with 1 is 0: Prometheus has to see it at 0 to see it grow. */
function beginAtZero<Label extends string>(
  counter: Counter<Label>,
  label: Label,
  values: readonly string[],
): void {
  for (const value of values) counter.labels({ [label]: value } as Record<Label, string>).inc(0);
}

function failureOf(error: unknown): (typeof FAILURES)[number] {
  return error instanceof StoreError ? error.failure : 'unforeseen';
}

/** Makes what belongs to a key once. The keys are methods and reasons: there are some hundred. */
function remembered<Made>(make: (key: string) => Made): (key: string) => Made {
  const made = new Map<string, Made>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

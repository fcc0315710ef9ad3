import type { BankOperation } from './bank-operation.js';
import type { FloorShape } from './floor.js';

/** Something that is measured. */
export interface Point {
  /** Short, for `--only`: what is done, and by how many at once. */
  readonly id: string;
  /** What the table calls it. */
  readonly title: string;
  /** The part of the id before the slash: points that differ only in their callers. */
  readonly series: string;
  readonly callers: number;
  readonly task: Task;
}

/** How a point is measured. */
export type Task =
  | { readonly kind: 'flush' }
  | { readonly kind: 'floor'; readonly shape: FloorShape }
  | { readonly kind: 'bank'; readonly operation: BankOperation }
  | { readonly kind: 'rest'; readonly to: 'api' | 'express' }
  | { readonly kind: 'grpc' }
  | { readonly kind: 'pgbench' };

/** Transfers of one commit of the floor: about what the server's largest commits hold. */
const FLOOR_BATCH_SIZE = 2_000;

/** All points, in the order in which they are measured. */
export const POINTS: readonly Point[] = [
  ...series('flush', 'disk: 8 KiB written and flushed', [1], { kind: 'flush' }),
  ...series('floor', 'floor: the same rows by hand', [1], floor(10)),
  ...series('floor-one-branch', 'floor, one branch', [1], floor(1)),
  ...series('transfer', 'transfers', [1, 8, 64, 256, 1_000, 4_000], transfer('uniform')),
  ...series('hot', 'transfers, one hot account', [1_000, 4_000], transfer('hot')),
  ...series('zipf', 'transfers, Zipf(1.1) accounts', [1_000, 4_000], transfer('zipf')),
  ...series('cross', 'transfers between branches', [1_000, 4_000], transfer('cross')),
  ...series(
    'batch',
    'batches of 1,000 transfers',
    [8],
    bank({ kind: 'batch', choice: 'uniform', size: 1_000 }),
  ),
  ...series('hold', 'holds placed and captured', [64, 1_000], bank({ kind: 'hold' })),
  ...series('balance', 'balance reads', [1, 64, 1_000], bank({ kind: 'balance' })),
  ...series('statement-newest', 'statement pages, newest first', [1, 64], statement('newest-first')),
  ...series('statement-oldest', 'statement pages, oldest first', [1, 64], statement('oldest-first')),
  ...series('rest', 'REST transfers', [100], { kind: 'rest', to: 'api' }),
  ...series('express', 'Express answering a constant', [100], { kind: 'rest', to: 'express' }),
  ...series('grpc', 'gRPC in memory, nothing durable', [1, 64, 1_000], { kind: 'grpc' }),
  ...series('pgbench', 'pgbench TPC-B', [1, 8, 32], { kind: 'pgbench' }),
];

/** Tells whether a point depends on what the bank holds already, or on the machine alone. */
export function dependsOnBank({ task }: Point): boolean {
  return task.kind === 'bank' || (task.kind === 'rest' && task.to === 'api');
}

function floor(branches: number): Task {
  return { kind: 'floor', shape: { branches, batchSize: FLOOR_BATCH_SIZE } };
}

function bank(operation: BankOperation): Task {
  return { kind: 'bank', operation };
}

function transfer(choice: 'uniform' | 'hot' | 'zipf' | 'cross'): Task {
  return bank({ kind: 'transfer', choice });
}

function statement(order: 'newest-first' | 'oldest-first'): Task {
  return bank({ kind: 'statement', order });
}

function series(name: string, title: string, callers: readonly number[], task: Task): Point[] {
  return callers.map((count) => ({ id: `${name}/${count}`, title, series: name, callers: count, task }));
}

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
  | { readonly kind: 'bank'; readonly operation: BankOperation };

/** All points, in the order in which they are measured. */
export function allPoints(): Point[] {
  return [
    point('flush', 'disk: 8 KiB written and flushed', 1, { kind: 'flush' }),
    floorPoint('floor', 'floor: the same rows by hand', 10),
    floorPoint('floor-one-branch', 'floor, one branch', 1),
    ...bankPoints('transfer', 'transfers', [1, 8, 64, 256, 1_000, 4_000], {
      kind: 'transfer',
      choice: 'uniform',
    }),
    ...bankPoints('hot', 'transfers, one hot account', [1_000, 4_000], { kind: 'transfer', choice: 'hot' }),
    ...bankPoints('zipf', 'transfers, Zipf(1.1) accounts', [1_000, 4_000], {
      kind: 'transfer',
      choice: 'zipf',
    }),
    ...bankPoints('cross', 'transfers between branches', [1_000, 4_000], {
      kind: 'transfer',
      choice: 'cross',
    }),
    ...bankPoints('batch', 'batches of 1,000 transfers', [8], {
      kind: 'batch',
      choice: 'uniform',
      size: 1_000,
    }),
    ...bankPoints('hold', 'holds placed and captured', [64, 1_000], { kind: 'hold' }),
    ...bankPoints('balance', 'balance reads', [1, 64, 1_000], { kind: 'balance' }),
    ...bankPoints('statement-newest', 'statement pages, newest first', [1, 64], {
      kind: 'statement',
      order: 'newest-first',
    }),
    ...bankPoints('statement-oldest', 'statement pages, oldest first', [1, 64], {
      kind: 'statement',
      order: 'oldest-first',
    }),
  ];
}

/** Transfers of one commit of the floor: about what the server's largest commits hold. */
const FLOOR_BATCH_SIZE = 2_000;

function floorPoint(series: string, title: string, branches: number): Point {
  return point(series, title, 1, { kind: 'floor', shape: { branches, batchSize: FLOOR_BATCH_SIZE } });
}

function bankPoints(
  series: string,
  title: string,
  callers: readonly number[],
  operation: BankOperation,
): Point[] {
  return callers.map((count) => point(series, title, count, { kind: 'bank', operation }));
}

function point(series: string, title: string, callers: number, task: Task): Point {
  return { id: `${series}/${callers}`, title, series, callers, task };
}

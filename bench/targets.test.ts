import { expect, it } from 'vitest';
import type { Measurement } from './measurement.js';
import { POINTS } from './points.js';
import type { PointResult } from './report.js';
import { targetsOf } from './targets.js';

function result(id: string, runs: readonly Partial<Measurement>[]): PointResult {
  const point = POINTS.find((each) => each.id === id)!;
  return { point, runs: runs.map((run) => ({ operations: 0, seconds: 1, ...run })) };
}

function figureOf(name: string, fresh: readonly PointResult[], grown?: readonly PointResult[]) {
  return targetsOf(fresh, grown).find((target) => target.name === name)?.figure;
}

it('sets the median at 4,000 callers in proportion to the floor', () => {
  const runs = [{ operations: 9_000 }, { operations: 30_000 }, { operations: 31_000 }];
  const fresh = [result('transfer/4000', runs), result('floor/1', [{ operations: 60_000 }])];
  expect(figureOf('4,000 callers, in proportion to the floor', fresh)).toBe(0.5);
});

it('compares the best with the best of pgbench', () => {
  const fresh = [
    result('transfer/8', [{ operations: 700 }]),
    result('transfer/64', [{ operations: 600 }]),
    result('pgbench/1', [{ operations: 10 }]),
    result('pgbench/8', [{ operations: 70 }]),
  ];
  expect(figureOf('best, in proportion to the best of pgbench', fresh)).toBe(10);
});

it('takes the worst of what is left when the bank has grown', () => {
  const fresh = [result('transfer/1', [{ operations: 100 }]), result('transfer/8', [{ operations: 200 }])];
  const grown = [result('transfer/1', [{ operations: 95 }]), result('transfer/8', [{ operations: 100 }])];
  expect(figureOf('grown to fresh, least of all concurrencies', fresh, grown)).toBe(0.5);
});

it('compares what was measured in the same round', () => {
  const fresh = [result('transfer/1', [{ operations: 100 }, { operations: 10 }, { operations: 50 }])];
  const grown = [result('transfer/1', [{ operations: 90 }, { operations: 10 }, { operations: 25 }])];
  expect(figureOf('grown to fresh, least of all concurrencies', fresh, grown)).toBe(0.9);
});

it('does not know what was not measured, or was skipped', () => {
  const fresh = [result('transfer/1', [{ operations: 100, p50Ms: 0.5 }]), result('pgbench/1', [])];
  const known = targetsOf(fresh).filter(({ figure }) => figure !== undefined);
  expect(known.map(({ name }) => name)).toEqual(['1 caller', '1 caller, p50']);
});

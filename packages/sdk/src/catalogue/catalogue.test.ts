import { status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { catalogue, describeReason, isReason, type CatalogueEntry } from './catalogue.js';

const entries = Object.entries<CatalogueEntry>(catalogue);

describe.for(entries)('%s', ([reason, entry]) => {
  test('has a gRPC code, an HTTP status of an error, and whole sentences', () => {
    expect(status[entry.code]).toBeGreaterThan(0);
    expect(entry.http).toBeGreaterThanOrEqual(400);
    expect(entry.http).toBeLessThan(600);
    expect(reason).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(entry.meaning).toMatch(/^[A-Z].*\.$/);
    expect(entry.remedy).toMatch(/^[A-Z].*\.$/);
  });

  test('is not frozen if it says nothing about state', () => {
    const stateless = ['INVALID_ARGUMENT', 'RESOURCE_EXHAUSTED', 'UNAVAILABLE', 'INTERNAL', 'CANCELLED'];
    if (stateless.includes(entry.code)) expect(entry.frozen).toBe(false);
  });
});

test('isReason knows the names, and only them', () => {
  expect(isReason('INSUFFICIENT_FUNDS')).toBe(true);
  expect(isReason('toString')).toBe(false);
  expect(isReason('SOMETHING_NEW')).toBe(false);
});

test('describeReason fills in what it is given, and says of the rest that it is unknown', () => {
  expect(describeReason('ID_REUSED', { id: 'a', field: 'amount' })).toBe(
    'id a was used before with another amount',
  );
  expect(describeReason('ID_REUSED', { id: 'a' })).toBe('id a was used before with another unknown');
});

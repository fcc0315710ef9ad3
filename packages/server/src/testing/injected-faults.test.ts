import { ExecuteBatchRequest, TransferServiceService, type Command, type Reason } from '@giro/sdk/protocol';
import { describe, expect, test } from 'vitest';
import type { CallName } from './call-names.js';
import { InjectedFaults, type Fate } from './injected-faults.js';

const transfer = { server: 0, path: TransferServiceService.transfer.path, message: Buffer.alloc(0) };
const deposit = { ...transfer, path: TransferServiceService.deposit.path };
const noBlow: Fate = { latencyMs: 0, blow: undefined };

describe('a fault befalls', () => {
  test('one call, if it is not told otherwise, and tells how many', () => {
    const faults = new InjectedFaults(1);
    const fault = faults.loseAnswer();
    expect(fault.hits).toBe(0);
    expect(faults.befalling(transfer)).toEqual({ latencyMs: 0, blow: { kind: 'lostAnswer' } });
    expect(faults.befalling(transfer)).toEqual(noBlow);
    expect(fault.hits).toBe(1);
  });

  test('the calls, and at the server, that are meant', () => {
    const faults = new InjectedFaults(2);
    const fault = faults.disconnect('before', { calls: ['transfer', 'placeHold'], server: 1, times: 2 });
    expect(faults.befalling(transfer)).toEqual(noBlow);
    expect(faults.befalling({ ...deposit, server: 1 })).toEqual(noBlow);
    expect(faults.befalling({ ...transfer, server: 1 }).blow).toEqual({ kind: 'disconnect', when: 'before' });
    expect(fault.hits).toBe(1);
  });

  test('a batch in which there is one that is meant', () => {
    const faults = new InjectedFaults(1);
    const fault = faults.disconnect('after', { calls: 'executeGroup', times: Infinity });
    const path = TransferServiceService.executeBatch.path;
    const group: Command = {
      command: { $case: 'group', value: { id: '', members: [], options: undefined } },
    };
    const message = Buffer.from(ExecuteBatchRequest.encode({ commands: [group] }).finish());
    expect(faults.befalling({ server: 0, path, message }).blow).toBeDefined();
    expect(faults.befalling({ server: 0, path, message: Buffer.alloc(0) })).toEqual(noBlow);
    expect(faults.befalling({ server: 0, path, message: Buffer.from([255]) })).toEqual(noBlow);
    expect(fault.hits).toBe(1);
  });

  test('no call once it is ended, by itself or with all others', () => {
    const faults = new InjectedFaults(1);
    {
      using slow = faults.latency(5);
      expect(faults.befalling(transfer).latencyMs).toBe(5);
      expect(slow.hits).toBe(1);
    }
    expect(faults.befalling(transfer)).toEqual(noBlow);
    faults.latency(5);
    faults.refuse('UNAVAILABLE');
    faults.clear();
    expect(faults.befalling(transfer)).toEqual(noBlow);
  });
});

test('latencies add up, and of the rest the first wins: the next is for the next call', () => {
  const faults = new InjectedFaults(1);
  faults.latency(5);
  faults.refuse('OVERLOADED');
  faults.latency(7, { times: 1 });
  faults.disconnect('after');
  expect(faults.befalling(transfer)).toMatchObject({
    latencyMs: 12,
    blow: { kind: 'refusal', error: { reason: 'OVERLOADED' } },
  });
  expect(faults.befalling(transfer)).toEqual({ latencyMs: 5, blow: { kind: 'disconnect', when: 'after' } });
});

describe('what cannot be is refused at once', () => {
  const faults = new InjectedFaults(2);
  test.each<[string, () => unknown]>([
    ['latency of -1 ms', () => faults.latency(-1)],
    ['latency of NaN ms', () => faults.latency(NaN)],
    ["'NO_SUCH' is no reason", () => faults.refuse('NO_SUCH' as Reason)],
    ["'transfers' is no call", () => faults.loseAnswer({ calls: 'transfers' as CallName })],
    ['befall 0 calls', () => faults.loseAnswer({ times: 0 })],
    ['befall 1.5 calls', () => faults.loseAnswer({ times: 1.5 })],
    ['no server 2', () => faults.loseAnswer({ server: 2 })],
  ])('%s', (message, inject) => {
    expect(inject).toThrow(message);
  });
});

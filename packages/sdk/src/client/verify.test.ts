import { getEventListeners, once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  CancelledError,
  ClientClosedError,
  DeadlineExceededError,
  UnavailableError,
} from '../errors/failures.js';
import { BranchNotFoundError } from '../errors/refusals.js';
import type { VerifyJournalResponse } from '../gen/giro/v1/journal_service.js';
import { Bank } from './bank.js';
import { Caller } from './caller.js';
import { journalOf } from './journal.js';
import { plainStatus, refusal, startScriptedServer } from './scripted-server.fixture.js';
import type { VerifyProgress, VerifyResult } from './verify.js';
import { head, wireHead } from './wire-answers.fixture.js';

const never = () => new Promise<never>(() => undefined);

function progress(position: bigint, lastPosition = 9n): VerifyJournalResponse {
  return { event: { $case: 'progress', value: { position, lastPosition } } };
}

const fine: VerifyJournalResponse = {
  event: { $case: 'result', value: { position: 9n, head: wireHead(9n) } },
};

describe('journal.verify', () => {
  test('tells of its progress and that all is well', async () => {
    const requests: unknown[] = [];
    await using server = await startScriptedServer({
      *verifyJournal(request) {
        requests.push(request);
        yield progress(4n);
        yield progress(8n);
        yield fine;
      },
    });
    await using bank = new Bank({ servers: server.address });
    const seen: VerifyProgress[] = [];
    const onProgress = (event: VerifyProgress) => seen.push(event);
    const result = await bank.journal.verify({ branch: 0, seal: head(7n), onProgress });
    expect(result).toEqual({ ok: true, position: 9n, head: head(9n) });
    expect(seen).toEqual([
      { position: 4n, lastPosition: 9n },
      { position: 8n, lastPosition: 9n },
    ]);
    await expect(bank.journal.verify({ branch: 0 })).resolves.toEqual(result);
    expect(requests).toEqual([{ branch: 0, seal: wireHead(7n) }, { branch: 0 }]);
  });

  test('or names the first position that does not fit', async () => {
    const problem = { position: 5n, message: 'the digest does not fit' };
    await using server = await startScriptedServer({
      *verifyJournal({ branch }) {
        const value = { position: 4n, problem, ...(branch === 1 && { head: wireHead(4n) }) };
        yield { event: { $case: 'result', value } };
      },
    });
    await using bank = new Bank({ servers: server.address });
    await expect(bank.journal.verify({ branch: 0 })).resolves.toEqual({ ok: false, position: 4n, problem });
    await expect(bank.journal.verify({ branch: 1 })).resolves.toMatchObject({ ok: false, head: head(4n) });
  });

  test('has no deadline but that of the call', async () => {
    const deadlines: unknown[] = [];
    await using server = await startScriptedServer({
      async *verifyJournal({ branch }, call) {
        deadlines.push(call.getDeadline());
        if (branch === 1) await never();
        yield fine;
      },
    });
    await using bank = new Bank({ servers: server.address, timeoutMs: 50 });
    await bank.journal.verify({ branch: 0 });
    expect(deadlines).toEqual([Infinity]);
    const late = bank.journal.verify({ branch: 1 }, { timeoutMs: 200 });
    await expect(late).rejects.toBeInstanceOf(DeadlineExceededError);
    expect(deadlines[1]).not.toBe(Infinity);
  });

  test('begins anew on another attempt, as often as a read is tried', async () => {
    let calls = 0;
    await using server = await startScriptedServer({
      *verifyJournal({ branch }) {
        yield progress(4n);
        calls += 1;
        if (calls === 1) throw plainStatus(status.UNAVAILABLE, 'gone');
        if (calls === 2 || branch === 1) return;
        yield fine;
      },
    });
    const caller = new Caller({ addresses: [server.address], sleep: () => Promise.resolve() });
    const journal = journalOf(caller);
    const seen: bigint[] = [];
    const onProgress = ({ position }: VerifyProgress) => seen.push(position);
    await expect(journal.verify({ branch: 0, onProgress })).resolves.toMatchObject({ ok: true });
    expect(seen).toEqual([4n, 4n, 4n]);
    const error = await journal.verify({ branch: 1 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ attempts: 4, rawMessage: 'the server ended the stream' });
    await caller.close();
  });

  test('leaves no listener on the signal', async () => {
    await using server = await startScriptedServer({
      *verifyJournal() {
        yield fine;
      },
    });
    await using bank = new Bank({ servers: server.address });
    const { signal } = new AbortController();
    await bank.journal.verify({ branch: 0 }, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('throws for what is no verification', async () => {
    await using server = await startScriptedServer({
      *verifyJournal({ branch }) {
        if (branch === 1) yield { event: undefined };
        if (branch === 2) yield { event: { $case: 'result', value: { position: 9n } } };
        throw refusal('BRANCH_NOT_FOUND', { branch: '0' });
      },
    });
    await using bank = new Bank({ servers: server.address });
    await expect(bank.journal.verify({ branch: 0 })).rejects.toBeInstanceOf(BranchNotFoundError);
    await expect(bank.journal.verify({ branch: 1 })).rejects.toMatchObject({ reason: 'INTERNAL' });
    await expect(bank.journal.verify({ branch: 2 })).rejects.toMatchObject({ reason: 'INTERNAL' });
  });

  test('ends with the signal, and when the client is closed, and tells the server', async () => {
    const cancellations: Promise<unknown>[] = [];
    await using server = await startScriptedServer({
      async *verifyJournal(_, call) {
        cancellations.push(once(call, 'cancelled'));
        yield progress(4n);
        await never();
      },
    });
    const bank = new Bank({ servers: server.address });
    const controller = new AbortController();
    const abort = () => {
      controller.abort(new Error('enough'));
    };
    const aborted = bank.journal.verify({ branch: 0, onProgress: abort }, { signal: controller.signal });
    const error = await aborted.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ cause: { message: 'enough' } });

    const close = () => void bank.close();
    await expect(bank.journal.verify({ branch: 0, onProgress: close })).rejects.toBeInstanceOf(
      ClientClosedError,
    );
    await expect(bank.journal.verify({ branch: 0 })).rejects.toBeInstanceOf(ClientClosedError);
    expect(cancellations).toHaveLength(2);
    await Promise.all(cancellations);
  });

  test('types: a problem is there unless all is well', () => {
    expectTypeOf<Extract<VerifyResult, { ok: false }>['problem']['position']>().toEqualTypeOf<bigint>();
    expectTypeOf<Extract<VerifyResult, { ok: true }>>().not.toHaveProperty('problem');
  });
});

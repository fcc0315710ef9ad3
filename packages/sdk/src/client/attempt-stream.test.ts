import { expect, test } from 'vitest';
import { JournalServiceDefinition, type WatchEntriesResponse } from '../gen/giro/v1/journal_service.js';
import { Caller } from './caller.js';
import { method } from './method.js';
import { startScriptedServer } from './scripted-server.fixture.js';
import { wireHead } from './wire-answers.fixture.js';

test('a stream gives nothing more after an answer that cannot be read', async () => {
  await using server = await startScriptedServer({
    *watchEntries() {
      yield { entries: [], head: wireHead(1n) };
      yield { entries: [] };
      yield { entries: [], head: wireHead(3n) };
    },
  });
  const caller = new Caller({ addresses: [server.address] });
  const read = ({ head }: WatchEntriesResponse) => {
    if (head === undefined) throw new Error('there is no head');
    return head.position;
  };
  const call = {
    method: method(JournalServiceDefinition, JournalServiceDefinition.methods.watchEntries),
    request: { branch: 1, after: 0n },
    branch: 1,
    read,
  };
  const { signal } = new AbortController();
  const seen: unknown[] = [];
  for await (const attempted of caller.attemptStream(call, { turn: 0, silenceMs: Infinity, signal })) {
    seen.push(attempted);
  }
  expect(seen).toEqual([
    { kind: 'done', result: 1n },
    {
      kind: 'failed',
      failure: expect.objectContaining({
        reason: 'INTERNAL',
        message: 'the answer is damaged: there is no head',
      }) as unknown,
    },
  ]);
  await caller.close();
});

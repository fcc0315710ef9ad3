/** Verification and proofs of inclusion over gRPC, checked the way a customer does. */
import { once } from 'node:events';
import type { ServiceError } from '@grpc/grpc-js';
import { verifyInclusion } from '@giro/sdk';
import {
  newWriteId,
  type JournalHead,
  type VerifyJournalRequest,
  type VerifyJournalResponse,
} from '@giro/sdk/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { query } from '../../test-support/database.js';
import {
  initialize,
  open,
  refusal,
  refusedCall,
  inMemory,
  startTestBank,
  usd,
  type TestBank,
} from './bank.fixture.js';

let bank: TestBank;
let seal: JournalHead;
const write = newWriteId();
beforeAll(async () => {
  bank = await startTestBank();
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'alice');
  const options = { description: 'wages', metadata: { payroll: '11' }, preconditions: [] };
  const { receipt } = await bank.deposit({ id: write, to, amount: usd(5n), options });
  seal = receipt!.positions[0]!.seal!;
});
afterAll(() => bank.close());

async function verify(request: VerifyJournalRequest): Promise<VerifyJournalResponse[]> {
  const responses: VerifyJournalResponse[] = [];
  for await (const response of bank.verifyJournal(request) as AsyncIterable<VerifyJournalResponse>) {
    responses.push(response);
  }
  return responses;
}

test('a sound journal is verified to its end, with the seal that was seen', async () => {
  const events = (await verify({ branch: 1, seal })).map(({ event }) => event);
  expect(events).toEqual([
    { $case: 'progress', value: { position: 6n, lastPosition: 6n } },
    { $case: 'result', value: { position: 6n, problem: undefined, head: seal } },
  ]);
});

test.skipIf(inMemory)('what does not fit is named by its position', async () => {
  const other = await startTestBank();
  await initialize(other, 1);
  await query(other.databaseUrl, 'update entries set amount = amount + 1 where position = 4');
  const responses: VerifyJournalResponse[] = [];
  for await (const response of other.verifyJournal({
    branch: 1,
    seal: undefined,
  }) as AsyncIterable<VerifyJournalResponse>) {
    responses.push(response);
  }
  expect(responses.at(-1)?.event).toMatchObject({
    $case: 'result',
    value: { position: 3n, problem: { position: 4n } },
  });
  await other.close();
});

test('a seal that the journal does not have is a problem, and none that cannot be is taken', async () => {
  const missing = { position: seal.position, hash: Buffer.alloc(32) };
  expect((await verify({ branch: 1, seal: missing })).at(-1)?.event).toMatchObject({
    value: { problem: { position: seal.position } },
  });
  const stream = bank.verifyJournal({ branch: 1, seal: { position: 1n, hash: Buffer.alloc(3) } });
  const [error] = (await once(stream.resume(), 'error')) as [ServiceError];
  expect(refusedCall(error)).toMatchObject({ reason: 'INVALID_FIELD', metadata: { field: 'seal.hash' } });
});

test('a proof of inclusion convinces whoever has the receipt, offline', async () => {
  const { proof } = await bank.getInclusionProof({ branch: 1, position: seal.position });
  const { branch, notes, ...rest } = proof!;
  const entry = verifyInclusion({ ...rest, branch: branch!, ...(notes && { notes }) }, seal);
  expect(entry).toMatchObject({ branch: 1, position: seal.position, writeId: write });
  expect(proof?.notes).toMatchObject({ description: 'wages', metadata: { payroll: '11' } });
});

test.each([
  [
    { branch: 1, position: 0n },
    { reason: 'INVALID_FIELD', metadata: { field: 'position' } },
  ],
  [
    { branch: undefined, position: 1n },
    { reason: 'INVALID_FIELD', metadata: { field: 'branch' } },
  ],
  [
    { branch: 1, position: 7n },
    { reason: 'POSITION_NOT_FOUND', metadata: { last: '6' } },
  ],
  [{ branch: 2, position: 1n }, { reason: 'BRANCH_NOT_FOUND' }],
])('%o cannot be proven', async (request, error) => {
  expect(await refusal(bank.getInclusionProof(request))).toMatchObject(error);
});

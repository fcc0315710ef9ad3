/** The largest answers that there can be. */
import { credentials } from '@grpc/grpc-js';
import {
  ANSWER_BYTES_MAX,
  DESCRIPTION_LENGTH_MAX,
  JournalServiceClient,
  METADATA_KEY_LENGTH_MAX,
  METADATA_PAIRS_MAX,
  METADATA_VALUE_LENGTH_MAX,
  newWriteId,
  PAGE_SIZE_MAX,
  type Command,
  type WatchEntriesResponse,
} from '@giro/sdk/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialize, open, promised, startTestBank, usd, type TestBank } from './bank.fixture.js';

/** A character that takes three bytes, as many as any UTF-16 code unit does. */
const EURO = '€';

/** Few enough to fit into a request. */
const BATCH = 200;

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'alice');
  const pairs = Array.from({ length: METADATA_PAIRS_MAX }, (_, n) => [
    String(n).padEnd(METADATA_KEY_LENGTH_MAX, EURO),
    EURO.repeat(METADATA_VALUE_LENGTH_MAX),
  ]);
  const options = {
    description: EURO.repeat(DESCRIPTION_LENGTH_MAX),
    metadata: Object.fromEntries(pairs) as Record<string, string>,
    preconditions: [],
  };
  const deposit = (): Command => ({
    command: { $case: 'deposit', value: { id: newWriteId(), to, amount: usd(1n), options } },
  });
  for (let n = 0; n < PAGE_SIZE_MAX; n += BATCH) {
    await bank.executeBatch({ commands: Array.from({ length: BATCH }, deposit) });
  }
});
afterAll(() => bank.close());

test('a full page of the largest entries is sent', async () => {
  const client = new JournalServiceClient(bank.address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': ANSWER_BYTES_MAX,
  });
  const listEntries = promised(client.listEntries.bind(client));
  const { entries } = await listEntries({ branch: 1, after: 5n, pageSize: PAGE_SIZE_MAX });
  expect(entries).toHaveLength(PAGE_SIZE_MAX);
  client.close();
});

test('a watch is within the 4 MiB that any gRPC client takes', async () => {
  const stream = bank.watchEntries({ branch: 1, after: 0n, seal: undefined });
  let last = 0n;
  for await (const { entries } of stream as AsyncIterable<WatchEntriesResponse>) {
    last = entries.at(-1)?.position?.position ?? last;
    if (last === BigInt(PAGE_SIZE_MAX) + 5n) break;
  }
  stream.on('error', () => undefined).cancel();
});

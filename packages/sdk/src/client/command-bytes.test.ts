import { describe, expect, test } from 'vitest';
import { ExecuteBatchRequest, type Command } from '../gen/giro/v1/transfer_service.js';
import { formatAccountId, SERIAL_MAX } from '../ids/account-id.js';
import { newWriteId } from '../ids/write-id.js';
import { AMOUNT_MAX, BRANCH_ID_MAX, DESCRIPTION_LENGTH_MAX } from '../limits.js';
import { commandBytesMax, encodedCommandBytes } from './command-bytes.js';

const account = formatAccountId({ branch: BRANCH_ID_MAX, serial: SERIAL_MAX });
const amount = { amount: AMOUNT_MAX, currency: 'USD' };
const id = newWriteId();
const two = { id, from: account, to: account, amount };

/** Each with as much in it as it may have. */
const plain: Command['command'][] = [
  { $case: 'deposit', value: { id, to: account, amount } },
  { $case: 'withdraw', value: { id, from: account, amount } },
  { $case: 'transfer', value: two },
  { $case: 'operatorTransfer', value: two },
  { $case: 'placeHold', value: { ...two, expiresInMs: AMOUNT_MAX } },
  { $case: 'captureHold', value: { id, branch: BRANCH_ID_MAX, holdId: id, amount: AMOUNT_MAX } },
  { $case: 'releaseHold', value: { id, branch: BRANCH_ID_MAX, holdId: id } },
  { $case: 'reverseTransfer', value: { id, branch: BRANCH_ID_MAX, transferId: id } },
];

function bytesInRequest(command: Command): number {
  return ExecuteBatchRequest.encode({ commands: [command] }).finish().length;
}

describe('no command takes more bytes of a request than', () => {
  test('is said of a plain one without encoding it', () => {
    for (const command of plain)
      expect(commandBytesMax({ command })).toBeGreaterThanOrEqual(bytesInRequest({ command }));
  });

  test.for([1, 100, DESCRIPTION_LENGTH_MAX, 20_000, 3_000_000])(
    'is said of one whose options have %i characters, which is near',
    (length) => {
      const options = { description: '日'.repeat(length), metadata: {}, preconditions: [] };
      const command: Command = { command: { $case: 'transfer', value: { ...two, options } } };
      const bytes = bytesInRequest(command);
      for (const said of [commandBytesMax(command), encodedCommandBytes(command)]) {
        expect(said).toBeGreaterThanOrEqual(bytes);
        expect(said).toBeLessThan(bytes + 6);
      }
    },
  );
});

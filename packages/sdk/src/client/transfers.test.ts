import { describe, expect, test } from 'vitest';
import { AlreadyReversedError } from '../errors/reversal-refusals.js';
import { TransferKind } from '../gen/giro/v1/transfer_service.js';
import { Bank } from './bank.js';
import { refusal, startScriptedServer } from './scripted-server.fixture.js';
import { head, receipt, TIME, wireHead, wireReceipt, wireTransfer } from './wire-answers.fixture.js';

const ID = '0199ABCD-0000-7000-8000-00000000ABCD';
const id = ID.toLowerCase();
const OTHER = '0199abcd-0000-7000-8000-00000000beef';

const transfer = {
  id: 't',
  kind: 'transfer',
  from: '0-1-95',
  to: '17-1042-02',
  amount: { amount: 100n, currency: 'USD' },
  ...TIME,
  branch: 0,
  position: 4n,
  metadata: {},
};

describe('transfers.get', () => {
  test('gives a transfer, without what it has not', async () => {
    const requests: unknown[] = [];
    await using server = await startScriptedServer({
      getTransfer: (request) => {
        requests.push(request);
        return { transfer: wireTransfer({ kind: TransferKind.DEPOSIT, from: '' }) };
      },
    });
    await using bank = new Bank({ servers: server.address });
    const { from: _, ...deposit } = transfer;
    await expect(bank.transfers.get({ branch: 0, id: ID })).resolves.toEqual({ ...deposit, kind: 'deposit' });
    expect(requests).toEqual([{ branch: 0, id }]);
  });

  test('and with all that there is', async () => {
    const more = {
      description: 'rent',
      metadata: { ref: '7' },
      groupId: 'g',
      holdId: 'h',
      reversalOf: 'o',
      reversedBy: 'r',
    };
    const position = { branch: 0, position: 4n, seal: wireHead(4n) };
    await using server = await startScriptedServer({
      getTransfer: () => ({ transfer: wireTransfer({ ...more, position }) }),
    });
    await using bank = new Bank({ servers: server.address });
    await expect(bank.transfers.get({ branch: 0, id })).resolves.toEqual({
      ...transfer,
      ...more,
      seal: head(4n),
    });
  });

  test.for<[TransferKind, string]>([
    [TransferKind.WITHDRAWAL, 'withdrawal'],
    [TransferKind.OPERATOR, 'operator'],
    [TransferKind.CAPTURE, 'capture'],
    [TransferKind.REVERSAL, 'reversal'],
    [TransferKind.CASH_ADDED, 'cash-added'],
    [TransferKind.CASH_REMOVED, 'cash-removed'],
    [77 as TransferKind, 'unknown'],
  ])('kind %i is %s', async ([wireKind, kind]) => {
    await using server = await startScriptedServer({
      getTransfer: () => ({ transfer: wireTransfer({ kind: wireKind }) }),
    });
    await using bank = new Bank({ servers: server.address });
    await expect(bank.transfers.get({ branch: 0, id })).resolves.toMatchObject({ kind });
  });
});

test('transfers.getMany gives those found and those missing, in one request', async () => {
  const requests: unknown[] = [];
  await using server = await startScriptedServer({
    getTransfers: (request) => {
      requests.push(request);
      return { transfers: [wireTransfer({ id })], missing: [{ branch: 0, id: OTHER }] };
    },
  });
  await using bank = new Bank({ servers: server.address });
  const refs = [
    { branch: 0, id: OTHER },
    { branch: 17, id: ID },
  ];
  await expect(bank.transfers.getMany(refs)).resolves.toEqual({
    transfers: [{ ...transfer, id }],
    missing: [{ branch: 0, id: OTHER }],
  });
  expect(requests).toEqual([
    {
      transfers: [
        { branch: 0, id: OTHER },
        { branch: 17, id },
      ],
    },
  ]);
});

describe('transfers.reverse', () => {
  test('gives the receipt of the reversal', async () => {
    const requests: unknown[] = [];
    await using server = await startScriptedServer({
      reverseTransfer: (request) => {
        requests.push(request);
        return { receipt: wireReceipt(request.id) };
      },
    });
    await using bank = new Bank({ servers: server.address });
    const params = { branch: 0, transfer: OTHER.toUpperCase(), id: ID };
    await expect(bank.transfers.reverse(params)).resolves.toEqual(receipt(id));
    expect(requests).toEqual([{ id, branch: 0, transferId: OTHER }]);
  });

  test('or says who reversed it before', async () => {
    await using server = await startScriptedServer({
      reverseTransfer: () => {
        throw refusal('ALREADY_REVERSED', { original: OTHER, by: 'w' }, true);
      },
    });
    await using bank = new Bank({ servers: server.address });
    const error = await bank.transfers
      .reverse({ branch: 0, transfer: OTHER, id: ID })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AlreadyReversedError);
    expect(error).toMatchObject({ id, original: OTHER, by: 'w', replayed: true, frozen: true });
  });
});

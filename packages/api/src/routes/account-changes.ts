import type { ChangeAccountParams, CallOptions, Bank, Reason, Receipt } from '@giro/sdk';
import { z } from 'zod';
import { defineRoute } from '../http/route.js';
import { accountId } from '../json/ids.js';
import { metadataInput } from '../json/metadata.js';
import { nonNegativeMoneyInput } from '../json/money.js';
import { writeFields, writeInput } from '../json/write.js';
import { applied, appliedSpec } from './applied.js';
import { BRANCH_WRITE_REASONS } from './reasons.js';

const tag = 'Accounts';

const params = z.object({ account: accountId });

const freezeAccount = stateChange({
  name: 'freeze',
  summary: 'Freeze an account: no new debits or holds',
  description: 'Credits, and captures of earlier holds, go on.',
  outcome: 'The account is frozen.',
  change: (bank, body, writes) => bank.accounts.freeze(body, writes),
});

const unfreezeAccount = stateChange({
  name: 'unfreeze',
  summary: 'Open a frozen account again',
  outcome: 'The account is open.',
  change: (bank, body, writes) => bank.accounts.unfreeze(body, writes),
});

const closeAccount = stateChange({
  name: 'close',
  summary: 'Close an account for good',
  description: 'It needs a balance of zero and no outgoing hold.',
  outcome: 'The account is closed.',
  reasons: ['ACCOUNT_NOT_EMPTY', 'ACCOUNT_HAS_HOLDS'],
  change: (bank, body, writes) => bank.accounts.close(body, writes),
});

const setOverdraftLimit = defineRoute({
  method: 'put',
  path: '/v1/accounts/{account}/overdraft-limit',
  operationId: 'setOverdraftLimit',
  tag,
  summary: 'Say how far below zero an account may go',
  description: 'A limit below what is used stops further debits, and nothing else.',
  keyed: true,
  request: {
    params,
    body: z
      .strictObject({ limit: nonNegativeMoneyInput, ...writeFields })
      .meta({ id: 'OverdraftLimitRequest' }),
  },
  responses: { 200: appliedSpec('The limit is set.') },
  reasons: [...BRANCH_WRITE_REASONS, 'ACCOUNT_CLOSED', 'CURRENCY_MISMATCH'],
  handler: async ({ params: { account }, body, writeId }, { bank, writes }) =>
    applied(await bank.accounts.setOverdraftLimit({ ...body, account, id: writeId }, writes)),
});

const setMetadata = defineRoute({
  method: 'put',
  path: '/v1/accounts/{account}/metadata',
  operationId: 'setAccountMetadata',
  tag,
  summary: "Replace an account's metadata",
  keyed: true,
  request: {
    params,
    body: z.strictObject({ ...writeFields, metadata: metadataInput }).meta({ id: 'AccountMetadataRequest' }),
  },
  responses: { 200: appliedSpec('The metadata is replaced.') },
  reasons: [...BRANCH_WRITE_REASONS, 'ACCOUNT_CLOSED'],
  handler: async ({ params: { account }, body, writeId }, { bank, writes }) =>
    applied(await bank.accounts.setMetadata({ ...body, account, id: writeId }, writes)),
});

export const accountChangeRoutes = [
  freezeAccount,
  unfreezeAccount,
  closeAccount,
  setOverdraftLimit,
  setMetadata,
];

interface StateChange {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly outcome: string;
  readonly reasons?: readonly Reason[];
  readonly change: (bank: Bank, params: ChangeAccountParams, writes: CallOptions) => Promise<Receipt>;
}

/** The route of a change of an account's state, which has nothing to say but which account. */
function stateChange({ name, outcome, reasons = [], change, ...description }: StateChange) {
  return defineRoute({
    method: 'post',
    path: `/v1/accounts/{account}/${name}`,
    operationId: `${name}Account`,
    tag,
    ...description,
    keyed: true,
    bodyOptional: true,
    request: { params, body: writeInput },
    responses: { 200: appliedSpec(outcome) },
    reasons: [...BRANCH_WRITE_REASONS, 'ACCOUNT_CLOSED', ...reasons],
    handler: async ({ params: { account }, body, writeId }, { bank, writes }) =>
      applied(await change(bank, { ...body, account, id: writeId }, writes)),
  });
}

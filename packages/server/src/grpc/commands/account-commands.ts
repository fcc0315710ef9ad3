import type {
  CloseAccountRequest,
  FreezeAccountRequest,
  OpenAccountRequest,
  SetAccountMetadataRequest,
  SetOverdraftLimitRequest,
  UnfreezeAccountRequest,
} from '@giro/sdk/protocol';
import type {
  ChangeAccountState,
  OpenAccount,
  SetAccountMetadata,
  SetOverdraftLimit,
} from '../../ledger/command.js';
import {
  parseBranch,
  parseCurrency,
  parseCustomer,
  parseCustomerAccount,
  parseMoney,
  parseWriteId,
} from '../parse.js';
import { parseWriteOptions } from './write-options.js';

export function openAccountCommand(request: OpenAccountRequest): OpenAccount {
  return {
    kind: 'openAccount',
    id: parseWriteId(request.id, 'id'),
    branch: parseBranch(request.branch, 'branch'),
    customer: parseCustomer(request.customer, 'customer'),
    currency: parseCurrency(request.currency, 'currency'),
    ...parseWriteOptions(request.options),
  };
}

export function changeAccountStateCommand(
  kind: ChangeAccountState['kind'],
  request: FreezeAccountRequest | UnfreezeAccountRequest | CloseAccountRequest,
): ChangeAccountState {
  return { kind, ...accountWrite(request) };
}

export function setOverdraftLimitCommand(request: SetOverdraftLimitRequest): SetOverdraftLimit {
  const write = accountWrite(request);
  const { amount: limit, currency } = parseMoney(request.limit, 'limit', 0n);
  return { kind: 'setOverdraftLimit', ...write, limit, currency };
}

export function setAccountMetadataCommand(request: SetAccountMetadataRequest): SetAccountMetadata {
  return { kind: 'setAccountMetadata', ...accountWrite(request) };
}

function accountWrite(request: FreezeAccountRequest | SetOverdraftLimitRequest | SetAccountMetadataRequest) {
  const id = parseWriteId(request.id, 'id');
  const account = parseCustomerAccount(request.account, 'account');
  return { id, account, ...parseWriteOptions(request.options) };
}

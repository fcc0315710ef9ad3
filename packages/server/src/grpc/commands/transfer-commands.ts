import type {
  AbandonWriteRequest,
  DepositRequest,
  OperatorTransferRequest,
  ReverseTransferRequest,
  TransferRequest,
  WithdrawRequest,
} from '@giro/sdk/protocol';
import type {
  Abandon,
  Deposit,
  OperatorTransfer,
  ReverseTransfer,
  Transfer,
  Withdraw,
} from '../../ledger/command.js';
import {
  invalid,
  parseBranch,
  parseCustomerAccount,
  parseMoney,
  parseOperatedAccount,
  parseWriteId,
} from '../parse.js';
import { parseWriteOptions } from './write-options.js';

export function depositCommand(request: DepositRequest): Deposit {
  const id = parseWriteId(request.id, 'id');
  const to = parseCustomerAccount(request.to, 'to');
  const money = parseMoney(request.amount, 'amount', 1n);
  return { kind: 'deposit', id, to, ...money, ...parseWriteOptions(request.options) };
}

export function withdrawCommand(request: WithdrawRequest): Withdraw {
  const id = parseWriteId(request.id, 'id');
  const from = parseCustomerAccount(request.from, 'from');
  const money = parseMoney(request.amount, 'amount', 1n);
  return { kind: 'withdraw', id, from, ...money, ...parseWriteOptions(request.options) };
}

export function transferCommand(request: TransferRequest): Transfer {
  const id = parseWriteId(request.id, 'id');
  const from = parseCustomerAccount(request.from, 'from');
  const to = parseCustomerAccount(request.to, 'to');
  checkEnds(request);
  const money = parseMoney(request.amount, 'amount', 1n);
  return { kind: 'transfer', id, from, to, ...money, ...parseWriteOptions(request.options) };
}

export function operatorTransferCommand(request: OperatorTransferRequest): OperatorTransfer {
  const id = parseWriteId(request.id, 'id');
  const from = parseOperatedAccount(request.from, 'from');
  const to = parseOperatedAccount(request.to, 'to');
  checkEnds(request);
  const money = parseMoney(request.amount, 'amount', 1n);
  return { kind: 'operatorTransfer', id, from, to, ...money, ...parseWriteOptions(request.options) };
}

export function reverseTransferCommand(request: ReverseTransferRequest): ReverseTransfer {
  const id = parseWriteId(request.id, 'id');
  const branch = parseBranch(request.branch, 'branch');
  const original = parseWriteId(request.transferId, 'transfer_id');
  if (original === id) throw invalid('transfer_id', 'is the id of the reversal itself');
  return { kind: 'reverseTransfer', id, branch, original, ...parseWriteOptions(request.options) };
}

export function abandonCommand(request: AbandonWriteRequest): Abandon {
  const id = parseWriteId(request.id, 'id');
  return { kind: 'abandon', id, branch: parseBranch(request.branch, 'branch') };
}

/** Refuses a transfer of an account to itself. */
export function checkEnds({ from, to }: { readonly from: string; readonly to: string }): void {
  if (from === to) throw invalid('to', 'is the account that is debited too');
}

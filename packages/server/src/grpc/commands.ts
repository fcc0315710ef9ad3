import type {
  Command as WireCommand,
  DepositRequest,
  InitializeBranchRequest,
  OpenAccountRequest,
  TransferRequest,
  WithdrawRequest,
} from '@giro/sdk/protocol';
import type { Deposit, InitializeBranch, OpenAccount, Transfer, Withdraw } from '../ledger/command.js';
import {
  invalid,
  parseBranch,
  parseCurrency,
  parseCustomer,
  parseCustomerAccount,
  parseMoney,
  parseWriteId,
} from './parse.js';

/** Wire to command. Everything that can be said without looking at the books is said here, naming the field. */
export function initializeBranchCommand(request: InitializeBranchRequest): InitializeBranch {
  const id = parseWriteId(request.id, 'id');
  const branch = parseBranch(request.branch, 'branch');
  return {
    kind: 'initializeBranch',
    id,
    branch,
    ...parseMoney(request.initialBalance, 'initial_balance', 0n),
  };
}

export function openAccountCommand(request: OpenAccountRequest): OpenAccount {
  return {
    kind: 'openAccount',
    id: parseWriteId(request.id, 'id'),
    branch: parseBranch(request.branch, 'branch'),
    customer: parseCustomer(request.customer, 'customer'),
    currency: parseCurrency(request.currency, 'currency'),
  };
}

export function depositCommand(request: DepositRequest): Deposit {
  const id = parseWriteId(request.id, 'id');
  const to = parseCustomerAccount(request.to, 'to');
  return { kind: 'deposit', id, to, ...parseMoney(request.amount, 'amount', 1n) };
}

export function withdrawCommand(request: WithdrawRequest): Withdraw {
  const id = parseWriteId(request.id, 'id');
  const from = parseCustomerAccount(request.from, 'from');
  return { kind: 'withdraw', id, from, ...parseMoney(request.amount, 'amount', 1n) };
}

export function transferCommand(request: TransferRequest): Transfer {
  const id = parseWriteId(request.id, 'id');
  const from = parseCustomerAccount(request.from, 'from');
  const to = parseCustomerAccount(request.to, 'to');
  if (request.from === request.to) throw invalid('to', 'is the account that is debited too');
  return { kind: 'transfer', id, from, to, ...parseMoney(request.amount, 'amount', 1n) };
}

export function batchCommand({ command }: WireCommand): Deposit | Withdraw | Transfer {
  switch (command?.$case) {
    case 'deposit':
      return depositCommand(command.value);
    case 'withdraw':
      return withdrawCommand(command.value);
    case 'transfer':
      return transferCommand(command.value);
    case undefined:
      throw invalid('command', 'is missing, or of a kind that this server does not know');
  }
}

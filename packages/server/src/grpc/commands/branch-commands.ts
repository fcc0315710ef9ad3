import type {
  AddCashRequest,
  CloseBranchRequest,
  InitializeBranchRequest,
  RemoveCashRequest,
} from '@giro/sdk/protocol';
import type { AddCash, CloseBranch, InitializeBranch, RemoveCash } from '../../ledger/command.js';
import { parseBranch, parseMoney, parseWriteId } from '../parse.js';
import { parseWriteOptions } from './write-options.js';

/** Wire to command. Everything that can be said without looking at the books is said here, naming the field. */
export function initializeBranchCommand(request: InitializeBranchRequest): InitializeBranch {
  const id = parseWriteId(request.id, 'id');
  const branch = parseBranch(request.branch, 'branch');
  const money = parseMoney(request.initialBalance, 'initial_balance', 0n);
  return { kind: 'initializeBranch', id, branch, ...money, ...parseWriteOptions(request.options) };
}

export function addCashCommand(request: AddCashRequest): AddCash {
  return { kind: 'addCash', ...cashOf(request) };
}

export function removeCashCommand(request: RemoveCashRequest): RemoveCash {
  return { kind: 'removeCash', ...cashOf(request) };
}

export function closeBranchCommand(request: CloseBranchRequest): CloseBranch {
  const id = parseWriteId(request.id, 'id');
  const branch = parseBranch(request.branch, 'branch');
  return { kind: 'closeBranch', id, branch, ...parseWriteOptions(request.options) };
}

function cashOf(request: AddCashRequest | RemoveCashRequest) {
  const id = parseWriteId(request.id, 'id');
  const branch = parseBranch(request.branch, 'branch');
  const money = parseMoney(request.amount, 'amount', 1n);
  return { id, branch, ...money, ...parseWriteOptions(request.options) };
}

import {
  TransferServiceDefinition,
  type DepositRequest,
  type OperatorTransferRequest,
  type TransferRequest,
  type WithdrawRequest,
} from '../gen/giro/v1/transfer_service.js';
import type { Money } from '../money/money.js';
import { checkAccount, checkMoney, openParams } from './arguments.js';
import type { Call, Caller } from './caller.js';
import { joinedWrite, type ReceiptAnswer } from './joint-writes.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { readMoneyReceipt, type MoneyReceipt } from './receipt.js';
import { checkWrite, type CheckedWrite, type WriteParams } from './write-params.js';

/** Cash into a customer's account. */
export interface DepositParams extends WriteParams {
  /** The account to credit. */
  readonly to: string;
  /** More than zero. */
  readonly amount: Money;
}

/** Cash out of a customer's account. */
export interface WithdrawParams extends WriteParams {
  /** The account to debit. */
  readonly from: string;
  /** More than zero. */
  readonly amount: Money;
}

/** From a customer's account to another, in the same branch or between two. */
export interface TransferParams extends WriteParams {
  /** The account to debit. */
  readonly from: string;
  /** The account to credit. */
  readonly to: string;
  /** More than zero. */
  readonly amount: Money;
}

/** A transfer by the bank's operators: either account may also be an exchange, income or expense account. */
export interface OperatorTransferParams extends WriteParams {
  /** The account to debit; {@link internalAccountId} computes those of the bank. */
  readonly from: string;
  /** The account to credit; {@link internalAccountId} computes those of the bank. */
  readonly to: string;
  /** More than zero. */
  readonly amount: Money;
}

/** The single writes that move money. */
export interface Moves {
  deposit(params: DepositParams, options?: CallOptions): Promise<MoneyReceipt>;
  withdraw(params: WithdrawParams, options?: CallOptions): Promise<MoneyReceipt>;
  transfer(params: TransferParams, options?: CallOptions): Promise<MoneyReceipt>;
  operatorTransfer(params: OperatorTransferParams, options?: CallOptions): Promise<MoneyReceipt>;
}

export function movesOf(caller: Caller): Moves {
  return {
    deposit: (params, options) => caller.run(() => writeOf(deposit, checkDeposit(params)), options),
    withdraw: (params, options) => caller.run(() => writeOf(withdraw, checkWithdraw(params)), options),
    transfer: (params, options) => caller.run(() => writeOf(transfer, checkTransfer(params)), options),
    operatorTransfer: (params, options) =>
      caller.run(() => writeOf(operatorTransfer, checkTransfer(params)), options),
  };
}

/** Each field by name: spreading both would cost more than all checks. */
function writeOf<Request>(
  { method: its, attempt, read }: WriteKind<Request>,
  { id, branch, request }: CheckedWrite<Request>,
): Call<Request, ReceiptAnswer, MoneyReceipt> {
  return { method: its, attempt, read, id, branch, request };
}

type WriteKind<Request> = Required<
  Pick<Call<Request, ReceiptAnswer, MoneyReceipt>, 'method' | 'attempt' | 'read'>
>;

/** @param at - where in the arguments `params` stands, for the errors to name; empty for the argument itself */
export function checkDeposit(params: unknown, at = ''): CheckedWrite<DepositRequest> {
  const { fields, path } = openParams(params, at);
  const to = checkAccount(fields['to'], path('to'));
  const amount = checkMoney(fields['amount'], path('amount'));
  const { id, options } = checkWrite(fields, path);
  return { id, branch: to.branch, request: { id, to: to.id, amount, options } };
}

export function checkWithdraw(params: unknown, at = ''): CheckedWrite<WithdrawRequest> {
  const { fields, path } = openParams(params, at);
  const from = checkAccount(fields['from'], path('from'));
  const amount = checkMoney(fields['amount'], path('amount'));
  const { id, options } = checkWrite(fields, path);
  return { id, branch: from.branch, request: { id, from: from.id, amount, options } };
}

/** Checks an operators' transfer, too: which accounts each may name is the server's to say. */
export function checkTransfer(
  params: unknown,
  at = '',
): CheckedWrite<TransferRequest & OperatorTransferRequest> {
  const { fields, path } = openParams(params, at);
  const from = checkAccount(fields['from'], path('from'));
  const to = checkAccount(fields['to'], path('to'));
  const amount = checkMoney(fields['amount'], path('amount'));
  const { id, options } = checkWrite(fields, path);
  return { id, branch: from.branch, request: { id, from: from.id, to: to.id, amount, options } };
}

const { methods } = TransferServiceDefinition;
const deposit = {
  method: method(TransferServiceDefinition, methods.deposit),
  attempt: joinedWrite((value: DepositRequest) => ({ $case: 'deposit', value })),
  read: readMoneyReceipt,
};
const withdraw = {
  method: method(TransferServiceDefinition, methods.withdraw),
  attempt: joinedWrite((value: WithdrawRequest) => ({ $case: 'withdraw', value })),
  read: readMoneyReceipt,
};
const transfer = {
  method: method(TransferServiceDefinition, methods.transfer),
  attempt: joinedWrite((value: TransferRequest) => ({ $case: 'transfer', value })),
  read: readMoneyReceipt,
};
const operatorTransfer = {
  method: method(TransferServiceDefinition, methods.operatorTransfer),
  attempt: joinedWrite((value: OperatorTransferRequest) => ({ $case: 'operatorTransfer', value })),
  read: readMoneyReceipt,
};

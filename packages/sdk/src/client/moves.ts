import {
  TransferServiceDefinition,
  type DepositRequest,
  type TransferRequest,
  type WithdrawRequest,
} from '../gen/giro/v1/transfer_service.js';
import type { Money } from '../money/money.js';
import { checkAccount, checkFields, checkMoney, checkWriteId } from './arguments.js';
import type { Caller } from './caller.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { receiptFrom, type Receipt } from './receipt.js';

/** Cash into a customer's account. */
export interface DepositParams {
  /** The account to credit. */
  readonly to: string;
  /** More than zero. */
  readonly amount: Money;
  /**
   * The id of this write, a UUID.
   *
   * @defaultValue a new one of version 7
   */
  readonly id?: string | undefined;
}

/** Cash out of a customer's account. */
export interface WithdrawParams {
  /** The account to debit. */
  readonly from: string;
  /** More than zero. */
  readonly amount: Money;
  /**
   * The id of this write, a UUID.
   *
   * @defaultValue a new one of version 7
   */
  readonly id?: string | undefined;
}

/** From a customer's account to another, in the same branch or between two. */
export interface TransferParams {
  /** The account to debit. */
  readonly from: string;
  /** The account to credit. */
  readonly to: string;
  /** More than zero. */
  readonly amount: Money;
  /**
   * The id of this write, a UUID.
   *
   * @defaultValue a new one of version 7
   */
  readonly id?: string | undefined;
}

/** The three single writes that move money. */
export interface Moves {
  deposit(params: DepositParams, options?: CallOptions): Promise<Receipt>;
  withdraw(params: WithdrawParams, options?: CallOptions): Promise<Receipt>;
  transfer(params: TransferParams, options?: CallOptions): Promise<Receipt>;
}

export function movesOf(caller: Caller): Moves {
  return {
    deposit: async (params, options) => {
      const checked = checkDeposit(params);
      return caller.call(
        { method: deposit, ...checked, read: ({ receipt }) => receiptFrom(receipt) },
        options,
      );
    },
    withdraw: async (params, options) => {
      const checked = checkWithdraw(params);
      return caller.call(
        { method: withdraw, ...checked, read: ({ receipt }) => receiptFrom(receipt) },
        options,
      );
    },
    transfer: async (params, options) => {
      const checked = checkTransfer(params);
      return caller.call(
        { method: transfer, ...checked, read: ({ receipt }) => receiptFrom(receipt) },
        options,
      );
    },
  };
}

/** A write that is ready to be sent, and the branch whose server decides it. */
export interface CheckedMove<Request> {
  readonly id: string;
  readonly branch: number;
  readonly request: Request;
}

/** @param at - where in the arguments `params` stands, for the errors to name; empty for the argument itself */
export function checkDeposit(params: unknown, at = ''): CheckedMove<DepositRequest> {
  const { fields, path } = open(params, at);
  const to = checkAccount(fields['to'], path('to'));
  const amount = checkMoney(fields['amount'], path('amount'));
  const id = checkWriteId(fields['id'], path('id'));
  return { id, branch: to.branch, request: { id, to: to.id, amount } };
}

export function checkWithdraw(params: unknown, at = ''): CheckedMove<WithdrawRequest> {
  const { fields, path } = open(params, at);
  const from = checkAccount(fields['from'], path('from'));
  const amount = checkMoney(fields['amount'], path('amount'));
  const id = checkWriteId(fields['id'], path('id'));
  return { id, branch: from.branch, request: { id, from: from.id, amount } };
}

export function checkTransfer(params: unknown, at = ''): CheckedMove<TransferRequest> {
  const { fields, path } = open(params, at);
  const from = checkAccount(fields['from'], path('from'));
  const to = checkAccount(fields['to'], path('to'));
  const amount = checkMoney(fields['amount'], path('amount'));
  const id = checkWriteId(fields['id'], path('id'));
  return { id, branch: from.branch, request: { id, from: from.id, to: to.id, amount } };
}

function open(params: unknown, at: string) {
  return {
    fields: at === '' ? checkFields(params) : checkFields(params, at),
    path: (field: string) => (at === '' ? field : `${at}.${field}`),
  };
}

const { methods } = TransferServiceDefinition;
const deposit = method(TransferServiceDefinition, methods.deposit);
const withdraw = method(TransferServiceDefinition, methods.withdraw);
const transfer = method(TransferServiceDefinition, methods.transfer);

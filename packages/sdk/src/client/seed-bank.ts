import { BankDefinition } from '../gen/seed/bank.js';
import { checkBranch, checkFields, checkWhole } from './arguments.js';
import type { Caller } from './caller.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { seedBranch } from './routing.js';

/**
 * The seed's interface: numbered customers, amounts in minor units of the bank's default currency within 32 bits,
 * answers in words. Deposit and withdraw carry no id, so they are never sent twice: an {@link UnknownOutcomeError} of
 * theirs cannot be resolved by sending again. Prefer accounts and transfers.
 */
export interface SeedBank {
  /** @returns `Branch initialized successfully`, or `Branch already exists` */
  initializeBranch(
    params: { readonly branchId: number; readonly initialBalance: number },
    options?: CallOptions,
  ): Promise<string>;
  /**
   * The first deposit opens the customer's account, in branch `customerId` mod 10.
   *
   * @returns `Deposit successful`
   */
  deposit(
    params: { readonly customerId: number; readonly amount: number },
    options?: CallOptions,
  ): Promise<string>;
  /**
   * @returns `Withdrawal successful`, or `Insufficient funds`
   * @throws {@link CustomerNotFoundError} for a customer who never deposited
   */
  withdraw(
    params: { readonly customerId: number; readonly amount: number },
    options?: CallOptions,
  ): Promise<string>;
  /**
   * @returns the balance in minor units
   * @throws {@link CustomerNotFoundError} for a customer who never deposited
   */
  query(params: { readonly customerId: number }, options?: CallOptions): Promise<number>;
}

export function seedBankOf(caller: Caller): SeedBank {
  return {
    initializeBranch: async (params, options) => {
      const fields = checkFields(params);
      const branchId = checkBranch(fields['branchId'], 'branchId');
      const initialBalance = checkWhole(fields['initialBalance'], 'initialBalance', 0, INT32_MAX);
      const request = { branchId, initialBalance };
      return caller.call(
        { method: initializeBranch, request, branch: branchId, read: ({ result }) => result },
        options,
      );
    },
    deposit: async (params, options) => {
      const request = checkMovement(params);
      const branch = seedBranch(request.customerId);
      return caller.call({ method: deposit, request, branch, read: ({ result }) => result }, options);
    },
    withdraw: async (params, options) => {
      const request = checkMovement(params);
      const branch = seedBranch(request.customerId);
      return caller.call({ method: withdraw, request, branch, read: ({ result }) => result }, options);
    },
    query: async (params, options) => {
      const customerId = checkCustomerId(checkFields(params)['customerId']);
      const branch = seedBranch(customerId);
      return caller.call(
        { method: query, request: { customerId }, branch, read: ({ balance }) => balance },
        options,
      );
    },
  };
}

function checkMovement(params: unknown): { customerId: number; amount: number } {
  const fields = checkFields(params);
  return {
    customerId: checkCustomerId(fields['customerId']),
    amount: checkWhole(fields['amount'], 'amount', 1, INT32_MAX),
  };
}

function checkCustomerId(customerId: unknown): number {
  return checkWhole(customerId, 'customerId', 0, INT32_MAX);
}

/** The seed's numbers are 32 bits wide. */
const INT32_MAX = 2 ** 31 - 1;

const { methods } = BankDefinition;
const initializeBranch = method(BankDefinition, methods.initializeBranch);
const deposit = method(BankDefinition, methods.deposit);
const withdraw = method(BankDefinition, methods.withdraw);
const query = method(BankDefinition, methods.query);

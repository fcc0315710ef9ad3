import { newWriteId, type seed } from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import { seedBranches, seedCustomer } from '../ledger/seed-customer.js';
import { balanceOf, type AccountState } from '../ledger/state.js';
import { RequestError } from '../request-error.js';
import { invalid, parseBranch } from './parse.js';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import type { CallContext } from './unary-call.js';

/** What fits into the seed's 32-bit balance. */
const INT32_MAX = 2n ** 31n - 1n;

/** The seed's `Bank` service: the same four calls and result strings, on the same books. */
export function seedService(services: Services): ServiceHandlers<typeof seed.BankService> {
  const { currency } = services;
  return {
    initializeBranch: async (request, context) => {
      const branch = parseBranch(request.branchId, 'branch_id');
      const amount = parseAmount(request.initialBalance, 'initial_balance', 0);
      const command = { kind: 'initializeBranch', id: newWriteId(), branch, amount, currency } as const;
      const reason = await refusalReason(services, command, context, 'BRANCH_EXISTS');
      return { result: reason === undefined ? 'Branch initialized successfully' : 'Branch already exists' };
    },

    deposit: async (request, context) => {
      const customer = parseCustomerNumber(request.customerId);
      const amount = parseAmount(request.amount, 'amount', 1);
      await refusalReason(
        services,
        { kind: 'seedDeposit', id: newWriteId(), customer, amount, currency },
        context,
      );
      return { result: 'Deposit successful' };
    },

    withdraw: async (request, context) => {
      const customer = parseCustomerNumber(request.customerId);
      const amount = parseAmount(request.amount, 'amount', 1);
      const from = await accountOf(services, customer);
      const command = { kind: 'withdraw', id: newWriteId(), from, amount, currency } as const;
      const reason = await refusalReason(services, command, context, 'INSUFFICIENT_FUNDS');
      return { result: reason === undefined ? 'Withdrawal successful' : 'Insufficient funds' };
    },

    query: async (request) => {
      const balance = balanceOf(await accountOf(services, parseCustomerNumber(request.customerId)));
      if (balance > INT32_MAX) throw new RequestError('BALANCE_OUT_OF_RANGE', { balance: String(balance) });
      return { balance: Number(balance) };
    },
  };
}

/** Submits a command. One refusal is part of the seed's answers and is returned; any other is thrown. */
async function refusalReason(
  { committer }: Services,
  command: Command,
  { abandoned }: CallContext,
  answered?: 'BRANCH_EXISTS' | 'INSUFFICIENT_FUNDS',
): Promise<string | undefined> {
  const outcome = await committer.submit(command, abandoned);
  if (outcome.kind === 'applied') return undefined;
  if (outcome.refusal.reason === answered) return answered;
  throw new RequestError(outcome.refusal.reason, outcome.refusal.metadata);
}

async function accountOf({ reads }: Services, customer: number): Promise<AccountState> {
  const branches = seedBranches(customer);
  const account = await reads.seedAccount(branches, seedCustomer(customer));
  if (account !== undefined) return account;
  if (!(await reads.someBranchExists(branches)))
    throw new RequestError('BRANCH_NOT_FOUND', { branch: String(branches.at(-1)) });
  throw new RequestError('CUSTOMER_NOT_FOUND', { customer: String(customer) });
}

function parseCustomerNumber(customer: number): number {
  if (customer < 0) throw invalid('customer_id', 'must be 0 or more');
  return customer;
}

function parseAmount(amount: number, field: string, min: number): bigint {
  if (amount < min) throw invalid(field, `must be ${min} or more`);
  return BigInt(amount);
}

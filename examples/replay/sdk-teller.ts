import { BankError, type Bank } from '@giro/sdk';
import type { Answer, Teller } from './teller.js';

/** A teller who speaks gRPC, through the SDK. */
export function sdkTeller(bank: Bank): Teller {
  return {
    initializeBranch: (branchId, initialBalance) =>
      answered(bank.seed.initializeBranch({ branchId, initialBalance })),
    deposit: (customerId, amount) => answered(bank.seed.deposit({ customerId, amount })),
    withdraw: (customerId, amount) => answered(bank.seed.withdraw({ customerId, amount })),
    query: (customerId) => answered(bank.seed.query({ customerId })),
    trialBalance: async (branchId) => {
      const { lines } = await bank.branches.trialBalance(branchId);
      return lines.map(({ currency, postedDebits, postedCredits }) => ({
        currency,
        debits: postedDebits,
        credits: postedCredits,
      }));
    },
  };
}

async function answered(call: Promise<string | number>): Promise<Answer> {
  try {
    const answer = await call;
    return answer === 'Insufficient funds' ? { status: 422, answer } : { status: 200, answer };
  } catch (error) {
    if (error instanceof BankError) return { status: error.httpStatus };
    throw error;
  }
}

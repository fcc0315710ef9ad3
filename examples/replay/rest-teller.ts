import type { Answer, Teller } from './teller.js';

/** How long one REST call may take. */
const TIMEOUT_MS = 15_000;

/** A teller who speaks REST. @param url - where the API is, such as `http://localhost:5002` */
export function restTeller(url: string): Teller {
  const call = async (path: string, body?: object): Promise<Response> =>
    fetch(new URL(path, url), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
  const transaction = async (body: object) => answerOf(await call('/transaction', body));
  return {
    initializeBranch: async (branch_id, initial_balance) =>
      answerOf(await call('/initialize_branch', { branch_id, initial_balance })),
    deposit: (customer_id, amount) => transaction({ customer_id, type: 'deposit', amount }),
    withdraw: (customer_id, amount) => transaction({ customer_id, type: 'withdraw', amount }),
    query: (customer_id) => transaction({ customer_id, type: 'query' }),
    trialBalance: async (branchId) => {
      const response = await call(`/v1/branches/${branchId}/trial-balance`);
      const { lines } = (await response.json()) as { lines: TrialBalanceLine[] };
      return lines.map(({ currency, postedDebits, postedCredits }) => ({
        currency,
        debits: BigInt(postedDebits),
        credits: BigInt(postedCredits),
      }));
    },
  };
}

interface TrialBalanceLine {
  readonly currency: string;
  readonly postedDebits: string;
  readonly postedCredits: string;
}

async function answerOf(response: Response): Promise<Answer> {
  const { result, balance } = (await response.json()) as { result?: string; balance?: number };
  const answer = result ?? balance;
  return answer === undefined ? { status: response.status } : { status: response.status, answer };
}

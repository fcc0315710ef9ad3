import { catalogue } from '@giro/sdk';
import type { Reason } from '@giro/sdk';
import { beforeAll, expect } from 'vitest';
import type { TestApi } from './test-api.js';
import type { TestAnswer } from './test-client.js';

/** A bank with something in it, for bad requests to leave as it is. */
export interface BadRequests {
  readonly branch: number;
  /** A customer's account with 1,000 cents in it. */
  readonly alice: string;
  /** Another, with none. */
  readonly bob: string;
  /** A hold of 5 cents of alice's for bob. */
  readonly hold: string;
  /** What the books say: how far the journal has got, and how much is where. */
  readonly books: () => Promise<{ readonly position: unknown; readonly amounts: unknown }>;
  /**
   * Sends a bad request, and expects a refusal that names the field, and books that are unmoved. A frozen refusal alone
   * is an entry of the journal.
   */
  readonly expectRefused: (request: BadRequest) => Promise<void>;
}

export interface BadRequest {
  readonly method?: 'POST' | 'PUT' | undefined;
  readonly path: string;
  /** JSON if it is no string. */
  readonly body: unknown;
  readonly headers?: Record<string, string> | undefined;
  /** @defaultValue 400 */
  readonly status?: number | undefined;
  /** @defaultValue INVALID_FIELD */
  readonly reason?: Reason | undefined;
  readonly field: string;
}

/** Opens that bank before the tests of a file. */
export function useBadRequests(api: TestApi): BadRequests {
  const bank = { branch: 0, alice: '', bob: '', hold: '' };
  beforeAll(async () => {
    bank.branch = await api.newBranch('10000');
    bank.alice = await api.newAccount(bank.branch, 'alice', '1000');
    bank.bob = await api.newAccount(bank.branch, 'bob');
    const amount = { amount: '5', currency: 'USD' };
    const { body } = await api.post('/v1/holds', { from: bank.alice, to: bank.bob, amount });
    bank.hold = String(body['id']);
  });
  const books = async () => {
    const { position, lines } = (await api.get(`/v1/branches/${bank.branch}/trial-balance`)).body;
    const { body } = await api.post('/v1/balances/lookup', { accounts: [bank.alice, bank.bob] });
    const balances = body['balances'] as { balance: unknown; available: unknown }[];
    return { position, amounts: [lines, ...balances.map(({ balance, available }) => [balance, available])] };
  };
  const send = ({ method = 'POST', path, body, headers }: BadRequest): Promise<TestAnswer> =>
    method === 'PUT' ? api.put(path, body, headers) : api.post(path, body, headers);
  return Object.assign(bank, {
    books,
    expectRefused: async (request: BadRequest) => {
      const { status = 400, reason = 'INVALID_FIELD', field } = request;
      const before = await books();
      const refused = await send(request);
      expect(refused.status).toBe(status);
      expect(refused.body).toMatchObject({ reason, field, status });
      const after = await books();
      expect(after.amounts).toEqual(before.amounts);
      if (!catalogue[reason].frozen) expect(after.position).toEqual(before.position);
    },
  });
}

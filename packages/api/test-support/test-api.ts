import { randomInt } from 'node:crypto';
import { afterAll, assert, beforeAll, inject } from 'vitest';
import { startApi } from '../src/start-api.js';
import type { RunningApi, StartApiOptions } from '../src/start-api.js';
import { testClient } from './test-client.js';
import type { TestClient } from './test-client.js';

export interface TestApi extends TestClient {
  /** Where it listens, for what the client cannot do. */
  origin(): string;
  /** Opens a branch that no other test uses, with so much cash, and returns its number. */
  newBranch(cash?: string, currency?: string): Promise<number>;
  /** Opens an account, puts so much into it, and returns its id. */
  newAccount(branch: number, customer: string, funds?: string, currency?: string): Promise<string>;
}

/** Starts an API on the test run's bank for the tests of a file. */
export function useApi(options: Partial<StartApiOptions> = {}): TestApi {
  let running: RunningApi | undefined;
  beforeAll(async () => {
    running = await startApi({ servers: inject('servers'), port: 0, ...options });
  });
  afterAll(() => running?.close());
  const client = () => testClient(running?.port ?? 0);
  const api: TestClient = {
    get: (...args) => client().get(...args),
    post: (...args) => client().post(...args),
    put: (...args) => client().put(...args),
    send: (...args) => client().send(...args),
  };
  const origin = () => `http://127.0.0.1:${running?.port ?? 0}`;
  return { ...api, origin, newBranch: newBranch(api), newAccount: newAccount(api) };
}

/** No test opens it. */
export const ABSENT_BRANCH = 10;

function newBranch({ post }: TestClient): TestApi['newBranch'] {
  return async (cash = '100000', currency = 'USD') => {
    for (let tries = 0; tries < 20; tries += 1) {
      // Below lie the branches of the seed's customers.
      const id = randomInt(11, 10_000);
      const { status } = await post('/v1/branches', { id, initialBalance: { amount: cash, currency } });
      if (status === 201) return id;
      assert.equal(status, 409);
    }
    throw new Error('found no free branch');
  };
}

function newAccount({ post }: TestClient): TestApi['newAccount'] {
  return async (branch, customer, funds = '0', currency = 'USD') => {
    const opened = await post('/v1/accounts', { branch, customer, currency });
    assert.equal(opened.status, 201);
    const id = String(opened.body['id']);
    if (funds !== '0') {
      const deposit = await post('/v1/deposits', { to: id, amount: { amount: funds, currency } });
      assert.equal(deposit.status, 201);
    }
    return id;
  };
}

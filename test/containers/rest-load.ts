import { randomUUID } from 'node:crypto';

/** What became of the transfers that were asked for. */
export interface LoadResult {
  readonly applied: number;
  /** What came instead of a receipt, one line each. */
  readonly failures: readonly string[];
}

/** A caller that does not stop. */
export interface Load {
  readonly applied: () => number;
  /** Lets the calls under way end. */
  stop(): Promise<LoadResult>;
}

/** Transfers one cent at a time by REST, several at once, each asked for once. */
export function startLoad(
  apiUrls: readonly string[],
  pairs: readonly { readonly from: string; readonly to: string }[],
): Load {
  let stopped = false;
  let applied = 0;
  const failures: string[] = [];
  const workers = pairs.map(async (pair, index) => {
    while (!stopped) {
      const failure = await transfer(apiUrls[index % apiUrls.length] ?? '', pair);
      if (failure === undefined) applied += 1;
      else failures.push(failure);
    }
  });
  return {
    applied: () => applied,
    stop: async () => {
      stopped = true;
      await Promise.all(workers);
      return { applied, failures };
    },
  };
}

async function transfer(apiUrl: string, pair: { from: string; to: string }): Promise<string | undefined> {
  try {
    const response = await fetch(`${apiUrl}/v1/transfers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ ...pair, amount: { amount: '1', currency: 'USD' } }),
    });
    const text = await response.text();
    return response.ok ? undefined : `${String(response.status)} ${text}`;
  } catch (error) {
    return String(error);
  }
}

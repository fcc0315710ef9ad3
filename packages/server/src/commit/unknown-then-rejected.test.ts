import { newWriteId } from '@giro/sdk/protocol';
import { expect, test } from 'vitest';
import { StoreError, type Store } from '../store/store.js';
import { Committer } from './committer.js';

test('what may have been committed once is never told as a definite failure (R13)', async () => {
  const failures = ['unknown', 'rejected'] as const;
  let attempts = 0;
  const store: Store = {
    transact: () => Promise.reject(new StoreError(failures[attempts++] ?? 'rejected', new Error('scripted'))),
    keeps: () => Promise.resolve(false),
  };
  const committer = new Committer(store, { warn: () => undefined });
  const command = {
    kind: 'openAccount',
    id: newWriteId(),
    branch: 1,
    customer: 'alice',
    currency: 'USD',
  } as const;
  await expect(committer.submit(command)).rejects.toMatchObject({ reason: 'OUTCOME_UNKNOWN' });
  expect(attempts).toBe(2);
});

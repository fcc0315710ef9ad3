import { newSide } from './account-opening.js';
import type { Entry } from './entry.js';
import type { AccountState } from './state.js';

/** The account as the write opened it, whatever has happened to it since: the answer to a replay must not change. */
export function openedAccountOf(entries: readonly Entry[]): AccountState {
  const entry = entries.find(({ change }) => change.kind === 'accountOpened');
  if (entry?.change.kind !== 'accountOpened') throw new Error('the write opened no account');
  const { account } = newSide(entry.branch, entry.change);
  const metadata = entry.notes?.notes?.metadata ?? {};
  return { ...account, metadata, position: entry.position, openedMicros: entry.timeMicros };
}

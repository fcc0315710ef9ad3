import type { AccountRef } from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import { deposit, initializeBranch, openAccount, withdraw } from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';

/**
 * A branch whose accounts have so many postings each, with their serials from 1 in order: evenly spread among each other,
 * and all against the vault, so that this has as many as all together.
 */
export function chainedAccounts(branch: number, counts: readonly number[]): Command[] {
  const traffic = counts
    .flatMap((count, index) =>
      Array.from({ length: count }, (_, n) => ({ serial: index + 1, n, at: n / count })),
    )
    .sort((a, b) => a.at - b.at || a.serial - b.serial);
  return [
    initializeBranch(branch, 0n),
    ...counts.map((_, index) => openAccount(branch, `customer ${index + 1}`)),
    ...traffic.map(({ serial, n }) =>
      n % 3 === 2 ? withdraw({ branch, serial }, 1n) : deposit({ branch, serial }, 2n),
    ),
  ];
}

/** The postings of an account, as a plain filter over a journal says. */
export function postingsOf(entries: readonly Entry[], { branch, serial }: AccountRef): Entry[] {
  return entries.filter(
    (entry) =>
      entry.branch === branch &&
      entry.change.kind === 'posting' &&
      [entry.change.debit, entry.change.credit].includes(serial),
  );
}

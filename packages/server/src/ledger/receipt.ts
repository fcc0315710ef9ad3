import type { Command } from './command.js';
import type { Entry, Posting } from './entry.js';

/** What a client gets for an applied write; made from its entries, so that a replay gets the same. */
export interface Receipt {
  readonly id: string;
  readonly timeMicros: number;
  /** The write's last entry in each branch it touched, the debited branch first. */
  readonly positions: readonly { readonly branch: number; readonly position: number }[];
  /** Balance right after the write of the account it acted for. */
  readonly balance: bigint;
  readonly currency: string;
}

/** Makes the receipt of an applied command. */
export function receiptOf(command: Command, entries: readonly Entry[]): Receipt {
  const positions = new Map<number, number>();
  for (const { branch, position } of entries) positions.set(branch, position);
  return {
    id: command.id,
    timeMicros: entries.at(-1)?.timeMicros ?? 0,
    positions: Array.from(positions, ([branch, position]) => ({ branch, position })),
    balance: actedFor(
      command,
      entries.map(({ change }) => change).find((change) => change.kind === 'posting'),
    ),
    currency: command.currency,
  };
}

function actedFor(command: Command, posting: Posting | undefined): bigint {
  if (posting === undefined) return 0n;
  const credited = command.kind === 'deposit' || command.kind === 'seedDeposit';
  return credited ? posting.creditBalance : posting.debitBalance;
}

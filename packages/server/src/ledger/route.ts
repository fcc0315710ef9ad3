import { formatAccountId, type AccountRef } from '@giro/sdk/protocol';
import { internalSide } from './account-opening.js';
import type { Books } from './books.js';
import type { Refusal } from './entry.js';
import type { Leg, LegSide } from './leg.js';
import { availableIn } from './state.js';

/**
 * The legs that take an amount from one account to another: one within a branch; between branches two, each balanced in
 * its own books through an interbranch account (R7), the debited branch first.
 */
export function route(books: Books, from: LegSide, to: LegSide, amount: bigint): readonly Leg[] {
  const { account: payer } = from;
  const { account: payee } = to;
  if (payer.branch === payee.branch) return [{ debit: from, credit: to, amount, counterparty: undefined }];
  const { currency } = payer;
  const interbranch = (branch: number, peerBranch: number) =>
    internalSide(books, { branch, kind: 'interbranch', currency, peerBranch });
  return [
    { debit: from, credit: interbranch(payer.branch, payee.branch), amount, counterparty: refOf(payee) },
    { debit: interbranch(payee.branch, payer.branch), credit: to, amount, counterparty: refOf(payer) },
  ];
}

/** Refuses what a customer has not got, and cash that is not in the vault (R3, R4). */
export function fundsRefusal(from: LegSide, to: LegSide, amount: bigint): Refusal | undefined {
  const { account: payer } = from;
  const { account: payee } = to;
  const { currency } = payer;
  const needed = String(amount);
  if (payer.kind === 'customer' && availableIn(payer) < amount) {
    const metadata = {
      account: formatAccountId(payer),
      available: String(availableIn(payer)),
      needed,
      currency,
    };
    return { reason: 'INSUFFICIENT_FUNDS', metadata };
  }
  if (payee.kind === 'vault' && availableIn(payee) < amount) {
    const metadata = {
      branch: String(payee.branch),
      available: String(availableIn(payee)),
      needed,
      currency,
    };
    return { reason: 'INSUFFICIENT_CASH', metadata };
  }
  return undefined;
}

function refOf({ branch, serial }: AccountRef): AccountRef {
  return { branch, serial };
}

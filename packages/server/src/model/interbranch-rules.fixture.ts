import type { Entry, HoldPlaced, Posting } from '../ledger/entry.js';
import type { KeptBank } from './kept-bank.fixture.js';

/** R7: what moves between two branches is the same in both. */
export function brokenInterbranchRules(kept: KeptBank): readonly string[] {
  return [...brokenLegs(kept), ...brokenSums(kept)];
}

/** What moves or is held between branches is in both, at one time (R8), and each names the other's account. */
function brokenLegs({ entries }: KeptBank): string[] {
  const alone = new Map<string, string>();
  for (const entry of entries) {
    const { change, branch, position } = entry;
    if (change.kind !== 'posting' && change.kind !== 'holdPlaced') continue;
    const leg = legOf(entry, change);
    if (leg === undefined) continue;
    if (!alone.delete(leg)) alone.set(leg, `${branch}:${position}`);
  }
  return [...alone].map(([leg, place]) => `R7: one leg only: ${leg} (${place})`);
}

/** What both legs of a movement have in common; undefined within a branch. */
function legOf({ branch, writeId, timeMicros }: Entry, change: Posting | HoldPlaced): string | undefined {
  const { counterparty, debit, credit, amount, kind } = change;
  const out = peerOf(credit);
  const peer = out ?? peerOf(debit);
  if (peer === undefined && counterparty === undefined) return undefined;
  if (peer !== counterparty?.branch) return `${branch} and ${peer} with ${counterparty?.branch}`;
  const own = `${branch}-${out === undefined ? credit : debit}`;
  const other = `${counterparty?.branch}-${counterparty?.serial}`;
  const ends = out === undefined ? [other, own] : [own, other];
  return [kind, writeId, timeMicros, amount, ...ends].join(' ');
}

/** The other branch of an interbranch account, which its serial tells: 6, the currency, the branch in four digits. */
function peerOf(serial: number): number | undefined {
  return Math.floor(serial / 1e9) === 6 ? serial % 10_000 : undefined;
}

/** What two branches have posted between them is equal and opposite. */
function brokenSums({ accounts }: KeptBank): string[] {
  const between = accounts.filter(({ kind }) => kind === 'interbranch');
  return between.flatMap((one) => {
    const other = between.find(
      ({ branch, peerBranch, currency }) =>
        branch === one.peerBranch && peerBranch === one.branch && currency === one.currency,
    );
    const agree = other?.postedDebits === one.postedCredits && other.postedCredits === one.postedDebits;
    return agree ? [] : [`R7: branches ${one.branch} and ${one.peerBranch} do not agree`];
  });
}

import { isInternal } from '@giro/sdk/protocol';
import { branchesOf, type KeptBank, type KeptBranch } from './kept-bank.fixture.js';
import { ReplayedBranch } from './replayed-branch.fixture.js';

/** R3, R8 and R10: whether what is kept beside the journals is what the journals say. */
export function brokenStateRules(kept: KeptBank): readonly string[] {
  return branchesOf(kept).flatMap((branch) => {
    const books = new ReplayedBranch();
    for (const entry of branch.entries) books.take(entry);
    return [
      ...brokenRow(branch, books),
      ...compare(`accounts of ${branch.id}`, keptAccounts(branch), replayedAccounts(books)),
      ...compare(`holds of ${branch.id}`, keptHolds(branch), replayedHolds(books)),
    ];
  });
}

function brokenRow({ id, branches }: KeptBranch, books: ReplayedBranch): string[] {
  const customers = [...books.accounts].filter(([serial]) => !isInternal({ serial }));
  const open = customers.filter(([, { status }]) => status !== 'closed').length;
  const next = Math.max(0, ...customers.map(([serial]) => serial)) + 1;
  const [row] = branches;
  const told = [row?.closed, row?.openAccounts, (row?.nextSerial ?? 0) >= next];
  const replayed = [books.closed, open, true];
  return compare(`row of ${id}`, new Map([['row', told.join()]]), new Map([['row', replayed.join()]]));
}

function keptAccounts({ accounts }: KeptBranch): Map<string, string> {
  return new Map(
    accounts.map((account) => {
      const { kind, customer, peerBranch, currency, status, overdraftLimit, metadata, position } = account;
      const state = [
        kind,
        customer,
        peerBranch,
        currency,
        status,
        overdraftLimit,
        textOf(metadata),
        position,
      ];
      const { postedDebits, postedCredits, heldDebits, heldCredits } = account;
      const counters = [postedDebits, postedCredits, heldDebits, heldCredits];
      return [String(account.serial), [...state, ...counters].join()];
    }),
  );
}

function replayedAccounts(books: ReplayedBranch): Map<string, string> {
  return new Map(
    [...books.accounts].map(([serial, account]) => {
      const { kind, customer, peerBranch, currency, status, limit, metadata, position } = account;
      const state = [kind, customer, peerBranch, currency, status, limit, textOf(metadata), position];
      const held = (side: 'debit' | 'credit') => books.held(side, serial, -Infinity);
      const counters = [account.debits, account.credits, held('debit'), held('credit')];
      return [String(serial), [...state, ...counters].join()];
    }),
  );
}

function keptHolds({ holds }: KeptBranch): Map<string, string> {
  return new Map(
    holds.map((hold) => {
      const { id, debit, credit, amount, currency, expiresMicros, counterparty } = hold;
      const placed = [debit, credit, amount, currency, expiresMicros, textOf(counterparty)];
      return [id, [...placed, hold.status, hold.captured, hold.resolvedBy].join()];
    }),
  );
}

function replayedHolds(books: ReplayedBranch): Map<string, string> {
  return new Map(
    [...books.holds].map(([id, { placed, status, captured, by }]) => {
      const { debit, credit, amount, currency, expiresMicros, counterparty } = placed;
      const said = [debit, credit, amount, currency, expiresMicros, textOf(counterparty)];
      return [id, [...said, status, captured, by].join()];
    }),
  );
}

function compare(what: string, kept: Map<string, string>, replayed: Map<string, string>): string[] {
  const keys = [...new Set([...kept.keys(), ...replayed.keys()])];
  return keys
    .filter((key) => kept.get(key) !== replayed.get(key))
    .map((key) => `R8: ${what}: ${key} is kept as ${kept.get(key)}, the journal says ${replayed.get(key)}`);
}

function textOf(value: object | undefined): string {
  return JSON.stringify(Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

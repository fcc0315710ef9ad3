import type { Account, Bank, Entry, PostingEntry } from '@giro/sdk';
import { expect } from 'vitest';
import { collect } from './collect.js';

/** What an audit saw of one branch. */
export interface AuditedBranch {
  readonly branch: number;
  readonly accounts: readonly Account[];
  readonly entries: readonly Entry[];
}

/** Checks the rules of the ledger on every branch, from outside: through nothing but the public API. */
export async function auditBank(bank: Bank): Promise<readonly AuditedBranch[]> {
  const branches = await collect(bank.branches.list());
  const audited = await Promise.all(branches.map(({ id }) => auditBranch(bank, id)));
  checkInterbranch(audited.flatMap(({ accounts }) => accounts));
  checkBothLegs(audited.flatMap(({ entries }) => entries));
  return audited;
}

async function auditBranch(bank: Bank, branch: number): Promise<AuditedBranch> {
  const accounts = await collect(bank.accounts.list({ branch, includeInternal: true }));
  const entries = await collect(bank.journal.entries({ branch, pageSize: 1_000 }));
  const { lines } = await bank.branches.trialBalance(branch);
  for (const { postedDebits, postedCredits } of lines) expect(postedDebits, 'R1').toBe(postedCredits);
  for (const { kind, balance } of accounts) {
    if (kind === 'customer' || kind === 'vault') expect(balance.amount, 'R3, R4').toBeGreaterThanOrEqual(0n);
  }
  checkOrder(entries);
  checkFold(accounts, entries);
  for (const account of accounts) await checkStatement(bank, account);
  return { branch, accounts, entries };
}

/** R8: no gap in the positions, times strictly increasing; R5: one write, one body of entries. */
function checkOrder(entries: readonly Entry[]): void {
  entries.forEach((entry, index) => {
    expect(entry.position, 'R8').toBe(BigInt(index + 1));
    const before = entries[index - 1];
    if (before !== undefined) expect(entry.timeMicros > before.timeMicros, 'R8').toBe(true);
  });
  const postings = entries.filter((entry) => entry.kind === 'posting').map(({ writeId }) => writeId);
  expect(new Set(postings).size, 'R5').toBe(postings.length);
}

/** R8: the accounts are the fold of the journal; R4: at every position. */
function checkFold(accounts: readonly Account[], entries: readonly Entry[]): void {
  const totals = new Map<string, { debits: bigint; credits: bigint; position: bigint }>();
  for (const entry of entries) {
    if (entry.kind === 'account-opened') {
      totals.set(entry.account, { debits: 0n, credits: 0n, position: entry.position });
    }
    if (entry.kind === 'posting') post(totals, entry);
  }
  for (const { id, postedDebits, postedCredits, position } of accounts) {
    expect(totals.get(id), `R8 ${id}`).toEqual({ debits: postedDebits, credits: postedCredits, position });
  }
  expect(totals.size).toBe(accounts.length);
}

function post(
  totals: Map<string, { debits: bigint; credits: bigint; position: bigint }>,
  { debitAccount, creditAccount, amount, position, debitBalance, creditBalance }: PostingEntry,
): void {
  const debited = totals.get(debitAccount);
  const credited = totals.get(creditAccount);
  if (debited === undefined || credited === undefined)
    throw new Error(`posting ${position} before its accounts`);
  totals.set(debitAccount, { ...debited, debits: debited.debits + amount.amount, position });
  totals.set(creditAccount, { ...credited, credits: credited.credits + amount.amount, position });
  expect(absoluteBalance(totals.get(debitAccount)), 'R1').toBe(absolute(debitBalance.amount));
  expect(absoluteBalance(totals.get(creditAccount)), 'R1').toBe(absolute(creditBalance.amount));
}

/** Statement lines add up, one by one, to the balance. */
async function checkStatement(bank: Bank, { id, kind, balance }: Account): Promise<void> {
  let running = 0n;
  for await (const line of bank.accounts.statement(id, { pageSize: 1_000 })) {
    const increases = (line.side === 'debit') === (kind === 'vault');
    running += increases ? line.amount.amount : -line.amount.amount;
    expect(line.balance.amount, id).toBe(running);
    if (kind === 'customer' || kind === 'vault') expect(running, `R4 ${id}`).toBeGreaterThanOrEqual(0n);
  }
  expect(running, id).toBe(balance.amount);
}

/** R7: what A owes B is what B has due from A. */
function checkInterbranch(accounts: readonly Account[]): void {
  const interbranch = accounts.filter(({ kind }) => kind === 'interbranch');
  for (const { branch, peerBranch, currency, postedDebits, postedCredits } of interbranch) {
    const mirror = interbranch.find(
      (other) => other.branch === peerBranch && other.peerBranch === branch && other.currency === currency,
    );
    expect(mirror, 'R7').toMatchObject({ postedDebits: postedCredits, postedCredits: postedDebits });
  }
}

/** R6, R7, R8: a transfer between branches has two postings, of one id, amount and time. */
function checkBothLegs(entries: readonly Entry[]): void {
  const legs = new Map<string, PostingEntry[]>();
  for (const entry of entries) {
    if (entry.kind !== 'posting' || entry.counterparty === undefined) continue;
    legs.set(entry.writeId, [...(legs.get(entry.writeId) ?? []), entry]);
  }
  for (const pair of legs.values()) {
    expect(pair, 'R7').toHaveLength(2);
    expect(pair[0]?.amount, 'R7').toEqual(pair[1]?.amount);
    expect(pair[0]?.timeMicros, 'R8').toBe(pair[1]?.timeMicros);
  }
}

function absoluteBalance(totals: { debits: bigint; credits: bigint } | undefined): bigint | undefined {
  return totals && absolute(totals.credits - totals.debits);
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

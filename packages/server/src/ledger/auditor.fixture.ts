import { AMOUNT_MAX, type AccountRef } from '@giro/sdk/protocol';
import type { AccountOpened, Entry, Posting } from './entry.js';
import type { AccountState, BranchState } from './state.js';

/**
 * Recomputes the bank from its journals, in its own way, and notes every rule that an entry breaks. A test ends with
 * `expect(auditor.problems).toEqual([])`.
 */
export class Auditor {
  readonly problems: string[] = [];
  readonly #branches = new Map<number, AuditedBranch>();
  readonly #accounts = new Map<string, AuditedAccount>();
  /** Legs of transfers between branches whose other leg has not been seen yet. */
  readonly #singleLegs = new Map<string, string>();

  /** Takes the next entry of a journal. Entries of different branches may come in any order. */
  take(entry: Entry): void {
    this.#takePlace(entry);
    const { change } = entry;
    if (change.kind === 'accountOpened') this.#takeOpening(entry, change);
    if (change.kind === 'posting') this.#takePosting(entry, change);
  }

  /** Compares what is kept of a branch with its journal. */
  compareBranch({ id, position, timeMicros, nextSerial }: BranchState): void {
    const audited = this.#branches.get(id);
    const kept = [position, timeMicros, nextSerial];
    const folded = [audited?.position, audited?.timeMicros, audited?.nextSerial];
    if (String(kept) !== String(folded)) {
      this.#note('R8', `branch ${id} is kept as ${String(kept)}, its journal says ${String(folded)}`);
    }
  }

  /** Compares what is kept of an account with its journal. */
  compareAccount(account: AccountState): void {
    const audited = this.#accounts.get(keyOf(account));
    const kept = describe(account);
    const folded = audited === undefined ? 'nothing' : describe(audited);
    if (kept !== folded) this.#note('R8', `${keyOf(account)} is kept as ${kept}, its journal says ${folded}`);
  }

  /** Checks what holds between writes: every branch's books balance, and branches agree on what they owe each other. */
  compareTotals(): void {
    if (this.#singleLegs.size > 0)
      this.#note('R7', `legs alone: ${[...this.#singleLegs.values()].join('; ')}`);
    const surplus = new Map<string, bigint>();
    for (const account of this.#accounts.values()) {
      const books = `${account.branch} ${account.currency}`;
      surplus.set(books, (surplus.get(books) ?? 0n) + account.postedCredits - account.postedDebits);
      if (account.kind === 'interbranch') this.#compareInterbranch(account);
    }
    for (const [books, sum] of surplus) {
      if (sum !== 0n) this.#note('R1', `credits exceed debits by ${sum} in the books of ${books}`);
    }
  }

  #takePlace({ branch, position, timeMicros, writeId, ordinal, body }: Entry): void {
    const before = this.#branch(branch);
    const place = `${branch}:${position}`;
    if (position !== before.position + 1) this.#note('R8', `${place} follows ${before.position}`);
    if (timeMicros <= before.timeMicros) this.#note('R8', `${place} is not later than the entry before`);
    if ((ordinal === 0) !== (body !== undefined))
      this.#note('R5', `${place} keeps the body in the wrong place`);
    const goesOn = writeId === before.lastWrite;
    if (ordinal !== (goesOn ? before.lastOrdinal + 1 : 0))
      this.#note('R5', `${place} has ordinal ${ordinal}`);
    if (!goesOn && before.writes.has(writeId)) this.#note('R5', `${place} uses ${writeId} a second time`);
    before.writes.add(writeId);
    Object.assign(before, { position, timeMicros, lastWrite: writeId, lastOrdinal: ordinal });
  }

  #branch(id: number): AuditedBranch {
    const known = this.#branches.get(id);
    if (known !== undefined) return known;
    const beginning = { position: 0, timeMicros: -Infinity, nextSerial: 1, lastWrite: '', lastOrdinal: 0 };
    const branch = { ...beginning, writes: new Set<string>() };
    this.#branches.set(id, branch);
    return branch;
  }

  #takeOpening({ branch, position, timeMicros }: Entry, opened: AccountOpened): void {
    const { serial, accountKind: kind, customer, peerBranch, currency } = opened;
    const key = keyOf({ branch, serial });
    if (this.#accounts.has(key)) this.#note('R8', `${key} is opened a second time`);
    this.#accounts.set(key, {
      ...{ branch, serial, kind, customer, peerBranch, currency, position, openedMicros: timeMicros },
      ...{ postedDebits: 0n, postedCredits: 0n },
    });
    const audited = this.#branch(branch);
    if (kind !== 'customer') return;
    if (serial !== audited.nextSerial) this.#note('R8', `${key} is out of the order of serials`);
    audited.nextSerial = serial + 1;
  }

  #takePosting(entry: Entry, posting: Posting): void {
    const { branch, position } = entry;
    const place = `${branch}:${position}`;
    const { amount, currency } = posting;
    const debited = this.#accounts.get(keyOf({ branch, serial: posting.debit }));
    const credited = this.#accounts.get(keyOf({ branch, serial: posting.credit }));
    if (debited === undefined || credited === undefined || debited === credited) {
      this.#note('R1', `${place} does not debit one open account and credit another`);
      return;
    }
    if (amount <= 0n || amount > AMOUNT_MAX) this.#note('R2', `${place} moves ${amount}`);
    if (debited.currency !== currency || credited.currency !== currency) {
      this.#note('R1', `${place} mixes currencies`);
    }
    debited.postedDebits += amount;
    credited.postedCredits += amount;
    this.#checkBalance(place, debited, posting.debitBalance);
    this.#checkBalance(place, credited, posting.creditBalance);
    debited.position = position;
    credited.position = position;
    this.#matchLegs(entry, posting, debited, credited);
  }

  #checkBalance(place: string, account: AuditedAccount, written: bigint): void {
    const credits = account.postedCredits - account.postedDebits;
    const balance = account.kind === 'vault' || account.kind === 'expense' ? -credits : credits;
    const name = `${account.kind} ${keyOf(account)}`;
    if (balance !== written) this.#note('R3', `${place} says ${written} for ${name}, which has ${balance}`);
    if (balance > AMOUNT_MAX || balance < -AMOUNT_MAX)
      this.#note('R2', `${place} takes ${name} to ${balance}`);
    if (balance < 0n && account.kind === 'vault') this.#note('R3', `${place} takes ${name} to ${balance}`);
    if (balance < 0n && account.kind === 'customer') this.#note('R4', `${place} takes ${name} to ${balance}`);
  }

  /** The two legs of a transfer between branches are one write at one time, and name each other's customer. */
  #matchLegs(entry: Entry, posting: Posting, debited: AuditedAccount, credited: AuditedAccount): void {
    const { branch, position, timeMicros, writeId } = entry;
    const place = `${branch}:${position}`;
    const outgoing = credited.kind === 'interbranch';
    const between = outgoing || debited.kind === 'interbranch';
    if (between !== (posting.counterparty !== undefined))
      this.#note('R7', `${place} has a wrong counterparty`);
    if (posting.counterparty === undefined) return;
    const own = keyOf(outgoing ? debited : credited);
    const other = keyOf(posting.counterparty);
    const [internal, customer] = outgoing ? [credited, debited] : [debited, credited];
    if (internal.peerBranch !== posting.counterparty.branch || customer.kind !== 'customer') {
      this.#note('R7', `${place} is not between a customer and the other branch`);
    }
    const leg = [writeId, timeMicros, posting.amount, ...(outgoing ? [own, other] : [other, own])].join(' ');
    if (!this.#singleLegs.delete(leg)) this.#singleLegs.set(leg, `${place} (${leg})`);
  }

  #compareInterbranch(account: AuditedAccount): void {
    const mirror = [...this.#accounts.values()].find(
      ({ branch, kind, peerBranch, currency }) =>
        kind === 'interbranch' &&
        branch === account.peerBranch &&
        peerBranch === account.branch &&
        currency === account.currency,
    );
    if (mirror?.postedCredits !== account.postedDebits || mirror.postedDebits !== account.postedCredits) {
      this.#note('R7', `${keyOf(account)} and branch ${String(account.peerBranch)} do not agree`);
    }
  }

  #note(rule: string, problem: string): void {
    this.problems.push(`${rule}: ${problem}`);
  }
}

interface AuditedBranch {
  position: number;
  timeMicros: number;
  nextSerial: number;
  lastWrite: string;
  lastOrdinal: number;
  readonly writes: Set<string>;
}

type AuditedAccount = {
  -readonly [
    Key in keyof Omit<AccountState, 'status' | 'overdraftLimit' | 'heldDebits' | 'heldCredits' | 'metadata'>
  ]: AccountState[Key];
};

function describe(account: AuditedAccount): string {
  const { kind, customer, peerBranch, currency, postedDebits, postedCredits, position, openedMicros } =
    account;
  return [kind, customer, peerBranch, currency, postedDebits, postedCredits, position, openedMicros].join(
    ' ',
  );
}

function keyOf({ branch, serial }: AccountRef): string {
  return `${branch}-${serial}`;
}

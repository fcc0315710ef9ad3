import { AMOUNT_MAX } from '@giro/sdk/protocol';
import type {
  AccountOpened,
  AccountStatusChanged,
  Entry,
  HoldPlaced,
  HoldResolved,
  Posting,
} from './entry.js';
import { fits, JournalMisfit } from './journal-misfit.js';
import type { AccountKind, AccountState, BranchState, HoldState } from './state.js';
import {
  checkBounds,
  checkFunds,
  keptMisfit as accountMisfit,
  metadataOf,
  nameOf,
  openedAccount,
  verifiedBalance,
  type VerifiedAccount,
} from './verified-account.js';
import {
  captureOf,
  keptEndMisfit,
  keptMisfit as holdMisfit,
  placedHold,
  resolutionOf,
  STILL_HELD,
  type HoldEnd,
  type VerifiedHold,
} from './verified-hold.js';

/**
 * A branch's state as a verification makes it from the journal, entry by entry, with the rules that hold at every
 * position. It is the check on what decides and folds, and shares nothing with it. It keeps every account and every
 * open hold in memory, and of the reversals their ids.
 */
export class VerifiedBooks {
  readonly #accounts = new Map<number, VerifiedAccount>();
  readonly #holds = new Map<string, VerifiedHold>();
  readonly #reversed = new Set<string>();
  readonly #reversals = new Set<string>();
  #nextSerial = 1;
  #openAccounts = 0;
  #closed = false;
  /** The first by position of what is kept otherwise than the journal says. */
  #keptMisfit: JournalMisfit | undefined;

  /** Takes in the next entry. @throws {@link JournalMisfit} if the rules do not allow it */
  take(entry: Entry): void {
    const { change } = entry;
    fits(entry, !this.#closed || change.kind === 'refusal', 'changes a branch that is closed');
    const [opens, isFirst] = [change.kind === 'branchOpened', entry.position === 1];
    fits(entry, opens || !isFirst, 'does not open the branch first');
    fits(entry, isFirst || !opens, 'opens the branch again');
    switch (change.kind) {
      case 'accountOpened':
        return this.#open(entry, change);
      case 'posting':
        return this.#post(entry, change);
      case 'holdPlaced':
        return this.#placeHold(entry, change);
      case 'holdReleased':
      case 'holdExpired':
        return this.#resolveHold(entry, change);
      case 'accountStatusChanged':
        return this.#changeStatus(entry, change);
      case 'overdraftLimitChanged': {
        const account = this.#customer(entry, change.serial);
        fits(entry, change.currency === account.currency, 'sets a limit in another currency');
        fits(
          entry,
          change.limit >= 0n && change.limit <= AMOUNT_MAX,
          () => `sets a limit of ${change.limit}`,
        );
        account.overdraftLimit = change.limit;
        return;
      }
      case 'accountMetadataChanged':
        this.#customer(entry, change.serial).metadata = metadataOf(entry);
        return;
      case 'branchClosed':
        return this.#close(entry);
      case 'groupOpened':
        return this.#takeReversal(entry, change.reversalOf);
      case 'branchOpened':
      case 'refusal':
        return;
    }
  }

  /** What the journal says of the branch's row. */
  get branch(): Pick<BranchState, 'nextSerial' | 'openAccounts' | 'closed'> {
    return { nextSerial: this.#nextSerial, openAccounts: this.#openAccounts, closed: this.#closed };
  }

  /** Compares how the hold that the last entry placed is kept; its end is compared when the journal comes to it. */
  compareHold(entry: Entry, kept: HoldState | undefined): void {
    const hold = this.#holds.get(entry.writeId);
    fits(entry, kept !== undefined && hold !== undefined, () => `hold ${entry.writeId} is not kept`);
    const misfit = holdMisfit(kept, hold);
    if (misfit !== undefined) throw misfit;
    hold.kept = kept;
  }

  /**
   * Compares how an account is kept, each once, after the journal has ended.
   *
   * @param lastPosition - where the journal has ended
   */
  compareAccount(kept: AccountState, lastPosition: number): void {
    const account = this.#accounts.get(kept.serial);
    this.#accounts.delete(kept.serial);
    const unopened = () => new JournalMisfit(lastPosition, `${nameOf(kept)} is kept, but was never opened`);
    this.#note(account === undefined ? unopened() : accountMisfit(kept, account));
  }

  /** Ends the comparison. @throws {@link JournalMisfit}, the first by position, if anything is kept otherwise or not at all */
  endComparison(): void {
    for (const account of this.#accounts.values()) {
      this.#note(new JournalMisfit(account.position, `${nameOf(account)} is not kept`));
    }
    for (const hold of this.#holds.values()) this.#note(keptEndMisfit(hold.position, hold, STILL_HELD));
    if (this.#keptMisfit !== undefined) throw this.#keptMisfit;
  }

  #note(misfit: JournalMisfit | undefined): void {
    if (misfit === undefined || misfit.position >= (this.#keptMisfit?.position ?? Infinity)) return;
    this.#keptMisfit = misfit;
  }

  #open(entry: Entry, opened: AccountOpened): void {
    const account = openedAccount(entry, opened, this.#nextSerial);
    fits(entry, !this.#accounts.has(account.serial), () => `opens ${nameOf(account)} a second time`);
    this.#accounts.set(account.serial, account);
    if (account.kind !== 'customer') return;
    this.#nextSerial++;
    this.#openAccounts++;
  }

  #post(entry: Entry, posting: Posting): void {
    const { amount, capture, reversalOf } = posting;
    const [debited, credited] = this.#sides(entry, posting);
    const hold = capture === undefined ? undefined : this.#openHold(entry, capture.hold);
    const end = hold === undefined ? undefined : captureOf(entry, hold, posting);
    fits(
      entry,
      hold !== undefined || debited.status === 'open',
      () => `debits ${nameOf(debited)}, which is not open`,
    );
    fits(entry, credited.status !== 'closed', () => `credits ${nameOf(credited)}, which is closed`);
    const held = hold?.amount ?? 0n;
    debited.postedDebits += amount;
    debited.heldDebits -= held;
    credited.postedCredits += amount;
    credited.heldCredits -= held;
    checkBounds(entry, debited);
    checkBounds(entry, credited);
    // What a capture takes was reserved, whatever the limit has become since.
    if (hold === undefined) checkFunds(entry, debited, credited);
    checkBalance(entry, debited, posting.debitBalance);
    checkBalance(entry, credited, posting.creditBalance);
    this.#takeReversal(entry, reversalOf);
    if (hold !== undefined && end !== undefined) this.#endHold(entry, hold, end);
  }

  #placeHold(entry: Entry, placed: HoldPlaced): void {
    const { amount } = placed;
    const [debited, credited] = this.#sides(entry, placed);
    const hold = placedHold(entry, placed);
    fits(entry, !this.#holds.has(hold.id), () => `places hold ${hold.id} a second time`);
    fits(entry, isForCustomers(debited) && isForCustomers(credited), "holds money of the bank's own");
    fits(entry, debited.status === 'open', () => `holds money of ${nameOf(debited)}, which is not open`);
    fits(entry, credited.status !== 'closed', () => `holds money for ${nameOf(credited)}, which is closed`);
    debited.heldDebits += amount;
    credited.heldCredits += amount;
    checkBounds(entry, debited);
    checkBounds(entry, credited);
    checkFunds(entry, debited, credited);
    this.#holds.set(hold.id, hold);
  }

  #resolveHold(entry: Entry, resolved: HoldResolved): void {
    const hold = this.#openHold(entry, resolved.hold);
    const end = resolutionOf(entry, hold, resolved);
    const debited = this.#account(entry, resolved.debit);
    const credited = this.#account(entry, resolved.credit);
    debited.heldDebits -= hold.amount;
    credited.heldCredits -= hold.amount;
    this.#endHold(entry, hold, end);
  }

  #endHold({ position }: Entry, hold: VerifiedHold, end: HoldEnd): void {
    const misfit = hold.kept === undefined ? undefined : keptEndMisfit(position, hold, end);
    if (misfit !== undefined) throw misfit;
    this.#holds.delete(hold.id);
  }

  #openHold(entry: Entry, id: string): VerifiedHold {
    const hold = this.#holds.get(id);
    fits(entry, hold !== undefined, () => `resolves hold ${id}, which is not open`);
    return hold;
  }

  #changeStatus(entry: Entry, { serial, status }: AccountStatusChanged): void {
    const account = this.#customer(entry, serial);
    account.status = status;
    if (status !== 'closed') return;
    fits(entry, verifiedBalance(account) === 0n, () => `closes ${nameOf(account)}, which is not empty`);
    fits(entry, account.heldDebits === 0n, () => `closes ${nameOf(account)}, of which money is held`);
    this.#openAccounts--;
  }

  #close(entry: Entry): void {
    fits(entry, this.#openAccounts === 0, 'closes the branch before its accounts');
    for (const account of this.#accounts.values()) {
      const { kind, heldDebits, heldCredits } = account;
      if (kind !== 'vault' && kind !== 'interbranch') continue;
      fits(
        entry,
        verifiedBalance(account) === 0n,
        () => `closes the branch before ${nameOf(account)} is settled`,
      );
      fits(
        entry,
        heldDebits + heldCredits === 0n,
        () => `closes the branch with holds on ${nameOf(account)}`,
      );
    }
    this.#closed = true;
  }

  /** An original is reversed at most once, and a reversal is not reversed (R8). */
  #takeReversal(entry: Entry, original: string | undefined): void {
    if (original === undefined) return;
    fits(entry, !this.#reversed.has(original), () => `reverses ${original} a second time`);
    fits(entry, !this.#reversals.has(original), () => `reverses ${original}, which is a reversal`);
    this.#reversed.add(original);
    this.#reversals.add(entry.writeId);
  }

  /** The accounts of a posting or hold, debited first. */
  #sides(entry: Entry, moved: Posting | HoldPlaced): [VerifiedAccount, VerifiedAccount] {
    const { amount, currency, counterparty } = moved;
    const debited = this.#account(entry, moved.debit);
    const credited = this.#account(entry, moved.credit);
    fits(entry, debited !== credited, 'debits and credits one account');
    fits(entry, amount > 0n && amount <= AMOUNT_MAX, () => `moves ${amount}`);
    const oneCurrency = debited.currency === currency && credited.currency === currency;
    fits(entry, oneCurrency, 'moves money between currencies');
    fits(
      entry,
      mayMeet(debited.kind, credited.kind),
      () => `moves money from ${debited.kind} to ${credited.kind}`,
    );
    const peer = debited.peerBranch ?? credited.peerBranch;
    fits(
      entry,
      counterparty?.branch === peer,
      'has a counterparty in another branch than its interbranch account',
    );
    return [debited, credited];
  }

  #customer(entry: Entry, serial: number): VerifiedAccount {
    const account = this.#account(entry, serial);
    fits(entry, account.kind === 'customer', () => `changes ${nameOf(account)}, which is the bank's own`);
    fits(entry, account.status !== 'closed', () => `changes ${nameOf(account)}, which is closed`);
    return account;
  }

  /** The account, which the entry changes. */
  #account(entry: Entry, serial: number): VerifiedAccount {
    const account = this.#accounts.get(serial);
    fits(entry, account !== undefined, () => `names serial ${serial}, which is not open in the branch`);
    account.position = entry.position;
    return account;
  }
}

/** What may be debited and credited together: vault and capital have their own commands, interbranch only stands between (R7). */
function mayMeet(debited: AccountKind, credited: AccountKind): boolean {
  const kinds = [debited, credited];
  if (kinds.includes('capital')) return kinds.includes('vault');
  if (kinds.includes('vault')) return kinds.includes('customer');
  return debited !== 'interbranch' || credited !== 'interbranch';
}

function isForCustomers({ kind }: VerifiedAccount): boolean {
  return kind === 'customer' || kind === 'interbranch';
}

function checkBalance(entry: Entry, account: VerifiedAccount, written: bigint): void {
  const balance = verifiedBalance(account);
  fits(entry, balance === written, () => `says ${written} for ${nameOf(account)}, which has ${balance}`);
}

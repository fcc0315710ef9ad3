import type { AccountOpened, Change, Entry, HoldPlaced, Posting } from '../ledger/entry.js';
import type { AccountKind, AccountStatus, HoldStatus } from '../ledger/state.js';

/** An account as the journal leaves it. */
export interface ReplayedAccount {
  readonly kind: AccountKind;
  readonly customer: string | undefined;
  readonly peerBranch: number | undefined;
  readonly currency: string;
  status: AccountStatus;
  limit: bigint;
  metadata: Readonly<Record<string, string>>;
  debits: bigint;
  credits: bigint;
  position: number;
}

/** A hold's part in the branch as the journal leaves it. */
export interface ReplayedHold {
  readonly placed: HoldPlaced;
  status: HoldStatus;
  captured: bigint | undefined;
  by: string | undefined;
}

/** A branch rebuilt from its journal, entry by entry, by nobody's rules but the words' own. */
export class ReplayedBranch {
  readonly accounts = new Map<number, ReplayedAccount>();
  readonly holds = new Map<string, ReplayedHold>();
  closed = false;

  take(entry: Entry): void {
    const { change, position, writeId } = entry;
    this.#takeState(entry);
    if (change.kind === 'posting') this.#takePosting(change, writeId);
    if (change.kind === 'holdPlaced') {
      this.holds.set(writeId, { placed: change, status: 'held', captured: undefined, by: undefined });
    }
    if (change.kind === 'holdReleased' || change.kind === 'holdExpired') {
      const released = change.kind === 'holdReleased';
      this.#resolve(change.hold, released ? 'released' : 'expired', released ? writeId : undefined);
    }
    for (const serial of touchedSerials(change)) {
      const account = this.accounts.get(serial);
      if (account !== undefined) account.position = position;
    }
  }

  /** Credits less debits. */
  surplus(serial: number): bigint {
    const account = this.accounts.get(serial);
    return account === undefined ? 0n : account.credits - account.debits;
  }

  /** What holds not yet resolved reserve on one side; those due by the time are not counted. */
  held(side: 'debit' | 'credit', serial: number, timeMicros: number): bigint {
    let sum = 0n;
    for (const { placed, status } of this.holds.values()) {
      const due = placed.expiresMicros !== undefined && placed.expiresMicros <= timeMicros;
      if (placed[side] === serial && status === 'held' && !due) sum += placed.amount;
    }
    return sum;
  }

  #takeState({ change, notes }: Entry): void {
    if (change.kind === 'branchClosed') this.closed = true;
    if (!('serial' in change)) return;
    const metadata = notes?.notes?.metadata ?? {};
    if (change.kind === 'accountOpened') {
      this.accounts.set(change.serial, opened(change, metadata));
      return;
    }
    const account = this.accounts.get(change.serial);
    if (account === undefined) throw new Error(`R8: account ${change.serial} changes before it is opened`);
    if (change.kind === 'accountStatusChanged') account.status = change.status;
    if (change.kind === 'overdraftLimitChanged') account.limit = change.limit;
    if (change.kind === 'accountMetadataChanged') account.metadata = metadata;
  }

  #takePosting({ debit, credit, amount, capture }: Posting, writeId: string): void {
    const [debited, credited] = [this.accounts.get(debit), this.accounts.get(credit)];
    if (debited === undefined || credited === undefined) throw new Error('R1: a posting without an account');
    debited.debits += amount;
    credited.credits += amount;
    if (capture !== undefined) this.#resolve(capture.hold, 'captured', writeId, amount);
  }

  #resolve(id: string, status: HoldStatus, by: string | undefined, captured?: bigint): void {
    const hold = this.holds.get(id);
    if (hold?.status !== 'held') throw new Error(`R10: hold ${id} is resolved, but was ${hold?.status}`);
    Object.assign(hold, { status, by, captured });
  }
}

/** What a write says of itself becomes the account's only where the write is about opening it. */
function opened(
  { accountKind: kind, customer, peerBranch, currency }: AccountOpened,
  said: Readonly<Record<string, string>>,
): ReplayedAccount {
  const metadata = kind === 'customer' ? said : {};
  const empty = { status: 'open', limit: 0n, position: 0, debits: 0n, credits: 0n } as const;
  return { kind, customer, peerBranch, currency, metadata, ...empty };
}

function touchedSerials(change: Change): readonly number[] {
  if ('debit' in change) return [change.debit, change.credit];
  return 'serial' in change ? [change.serial] : [];
}

import type { SealedBranch } from '../ledger/books.js';
import type { Entry } from '../ledger/entry.js';
import type { Seal } from '../ledger/seal.js';
import type { AccountState, BranchState, HoldState } from '../ledger/state.js';

/** One branch's books in memory: its journal, what the journal comes to, and what finds parts of it. */
export class MemoryBranch {
  state: BranchState;
  /** The entry at position n is at index n - 1. */
  readonly entries: Entry[] = [];
  /** One per entry, as it is kept with it. */
  readonly digests: Buffer[] = [];
  readonly seals: Seal[] = [];
  readonly accounts = new Map<number, AccountState>();
  readonly holds = new Map<string, HoldState>();
  readonly #openHolds = new Map<string, HoldState>();
  readonly #writes = new Map<string, Entry[]>();
  readonly #groups = new Map<string, Entry[]>();
  readonly #reversals = new Map<string, Entry>();
  readonly #postings = new Map<number, Entry[]>();

  constructor(state: BranchState) {
    this.state = state;
  }

  /** Takes in what a commit appended to the journal. */
  append({ branch, entries, digests, seal }: SealedBranch): void {
    this.state = branch;
    this.digests.push(...digests);
    this.seals.push(seal);
    for (const entry of entries) {
      this.entries.push(entry);
      this.#index(entry);
    }
  }

  keepHold(hold: HoldState): void {
    this.holds.set(hold.id, hold);
    if (hold.status === 'held') this.#openHolds.set(hold.id, hold);
    else this.#openHolds.delete(hold.id);
  }

  /** Neither captured nor released, and no entry says that they have expired. */
  openHolds(): HoldState[] {
    return [...this.#openHolds.values()];
  }

  /** Tells whether a hold is due: any write from now on is later than the last entry, and finds it expired. */
  isDue({ status, expiresMicros }: HoldState, nowMicros: number): boolean {
    const nextMicros = Math.max(nowMicros, this.state.timeMicros + 1);
    return status === 'held' && expiresMicros !== undefined && expiresMicros <= nextMicros;
  }

  /** Those that are due, and that no entry says so of yet. */
  dueHolds(nowMicros: number): HoldState[] {
    return this.openHolds().filter((hold) => this.isDue(hold, nowMicros));
  }

  /** A write's own entries; none of a hold's expiry. */
  write(id: string): readonly Entry[] {
    return this.#writes.get(id) ?? [];
  }

  /** The entries of a group's members; not its header. */
  group(id: string): readonly Entry[] {
    return this.#groups.get(id) ?? [];
  }

  /** The entry by which a write or group was reversed. */
  reversal(id: string): Entry | undefined {
    return this.#reversals.get(id);
  }

  /** Those of an account, in order. */
  postings(serial: number): readonly Entry[] {
    return this.#postings.get(serial) ?? [];
  }

  /** The seal that covers a position. */
  sealOf(position: number): Seal | undefined {
    return this.seals[firstIndex(this.seals, ({ last }) => last >= position)];
  }

  /** The last position whose time is at or before a given one; 0 if the journal began later. */
  positionAt(timeMicros: bigint): number {
    return firstIndex(this.entries, (entry) => BigInt(entry.timeMicros) > timeMicros);
  }

  #index(entry: Entry): void {
    const { writeId, ordinal, group, change } = entry;
    if (ordinal >= 0) {
      add(this.#writes, writeId, entry);
      if (group !== undefined) add(this.#groups, group.id, entry);
    }
    if (change.kind === 'posting') {
      add(this.#postings, change.debit, entry);
      add(this.#postings, change.credit, entry);
    }
    if ((change.kind === 'posting' || change.kind === 'groupOpened') && change.reversalOf !== undefined) {
      this.#reversals.set(change.reversalOf, entry);
    }
  }
}

/** The index of the first item from which on something holds; the length if it holds of none. By binary search. */
function firstIndex<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function add<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

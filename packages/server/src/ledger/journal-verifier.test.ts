import { CHANGE_NUMBERS } from '@giro/sdk/protocol';
import { describe, expect, it } from 'vitest';
import type { Entry } from './entry.js';
import type { KeptSeal } from './seal-verifier.js';
import {
  everything,
  keptBranch,
  memoryBank,
  misfitOf,
  resealed,
  type KeptBranch,
} from './sealed-journal.fixture.js';
import type { HoldState } from './state.js';

const bank = memoryBank(everything());
const kept = keptBranch(bank, 3);
const otherId = '0190163d-8694-739b-aea5-966c26f8ad91';

describe('the verification of a journal', () => {
  it('finds nothing in what the ledger has written (R9)', () => {
    for (const id of bank.branches.keys()) expect(misfitOf(keptBranch(bank, id))).toBeUndefined();
    const kinds = new Set(bank.entries.map(({ change }) => change.kind));
    expect(kinds).toEqual(new Set(Object.keys(CHANGE_NUMBERS)));
  });

  it('names the position of whatever is changed in an entry (R9)', () => {
    let made = 0;
    for (const id of bank.branches.keys()) {
      const branch = keptBranch(bank, id);
      for (const entry of branch.entries) {
        for (const [path, damaged] of variantsOf(entry)) {
          if (path.startsWith('.seal')) continue;
          const misfit = misfitOf(withEntry(branch, entry.position, () => damaged as Entry));
          expect(misfit?.position, `${path} of ${entry.change.kind}`).toBe(entry.position);
          made++;
        }
      }
    }
    expect(made).toBeGreaterThan(1_000);
  });

  it('names the position of whatever is put into an entry where nothing was (R9)', () => {
    const additions: Partial<Entry>[] = [
      { body: '{}' },
      { group: { id: otherId, index: 0 } },
      { actor: 'teller 8' },
      { notes: { hash: Buffer.alloc(32), notes: undefined } },
    ];
    for (const entry of kept.entries) {
      for (const addition of additions) {
        const [field] = Object.keys(addition) as [keyof Entry];
        if (entry[field] !== undefined) continue;
        const misfit = misfitOf(withEntry(kept, entry.position, () => ({ ...entry, ...addition })));
        expect(misfit?.position).toBe(entry.position);
      }
    }
  });

  it('names the position of a damaged digest, whatever its length (R9)', () => {
    kept.digests.forEach((digest, index) => {
      for (const damaged of [flipped(digest), digest.subarray(1), Buffer.concat([digest, digest])]) {
        const digests = kept.digests.with(index, damaged);
        expect(misfitOf({ ...kept, digests })?.position).toBe(index + 1);
      }
    });
  });

  it('names a position of a damaged seal (R9)', () => {
    kept.seals.forEach((seal, index) => {
      for (const [path, damaged] of variantsOf(seal)) {
        if (path === '.branch' || path === '.previous') continue;
        const position = misfitOf({ ...kept, seals: kept.seals.with(index, damaged as KeptSeal) })?.position;
        expect(position, path).toBeGreaterThanOrEqual(seal.first);
        expect(position, path).toBeLessThanOrEqual(seal.last + 1);
      }
    });
  });

  it('names the first position of a seal that the entries do not fit, though they fit their digests (R9)', () => {
    for (const { position } of kept.entries) {
      const { first } = kept.seals.find(({ last }) => last >= position)!;
      const entries = kept.entries.with(position - 1, {
        ...kept.entries[position - 1]!,
        actor: 'somebody else',
      });
      const misfit = misfitOf({ ...kept, entries, digests: resealed(kept, entries).digests });
      expect(misfit?.position).toBe(first);
      expect(misfit?.message).toContain('do not fit their seal');
    }
  });

  it('is of one branch only', () => {
    const other = { ...kept.branch, id: 4 };
    expect(misfitOf({ ...kept, branch: other })).toMatchObject({
      position: 1,
      message: 'it is an entry of branch 3',
    });
  });

  it('names the position where a seal begins that covers nothing', () => {
    const [first, second, ...rest] = kept.seals;
    const misfit = misfitOf({ ...kept, seals: [first!, { ...second!, last: second!.first - 1 }, ...rest] });
    expect(misfit?.position).toBe(second!.first);
    expect(misfit?.message).toContain('no seal begins here');
  });

  it('names the position of an entry that is not there', () => {
    for (const { position } of kept.entries) {
      const without = (_: unknown, index: number) => index !== position - 1;
      const entries = kept.entries.filter(without);
      expect(misfitOf({ ...kept, entries, digests: kept.digests.filter(without) })?.position).toBe(position);
    }
  });

  it('names the position of an entry that no seal covers', () => {
    const last = kept.seals.at(-1)!;
    const misfit = misfitOf({ ...kept, seals: kept.seals.slice(0, -1) });
    expect(misfit).toMatchObject({ position: last.first, message: 'no seal covers it' });
  });

  it('names the position where a seal goes on that the entries do not', () => {
    const seal = { ...kept.seals.at(-1)!, first: kept.branch.position + 1, last: kept.branch.position + 5 };
    const misfit = misfitOf({ ...kept, seals: [...kept.seals, seal] });
    expect(misfit).toMatchObject({ position: kept.branch.position + 1 });
    expect(misfit?.message).toContain('it is missing: a seal covers');
  });
});

describe('a seal that was seen', () => {
  /** The bank as it was restored from a backup that is older. */
  const older = keptBranch(memoryBank(everything().slice(0, 5)), 3);
  const seen = ({ last: position, hash }: KeptSeal) => ({ position, hash });

  it('must be there, whichever it is (R9)', () => {
    for (const seal of kept.seals) expect(misfitOf(kept, seen(seal))).toBeUndefined();
    expect(misfitOf(kept, { position: 0, hash: Buffer.alloc(32) })).toBeUndefined();
  });

  it('shows that a tail was cut off, which nothing else does (R9)', () => {
    const head = seen(kept.seals.at(-1)!);
    expect(misfitOf(older)).toBeUndefined();
    const misfit = misfitOf(older, head);
    expect(misfit?.position).toBe(older.branch.position + 1);
    expect(misfit?.message).toBe(`it is missing: a seal that ends at ${head.position} was seen`);
  });

  it('shows that history was written anew, which nothing else does (R9)', () => {
    const anew = resealed(
      kept,
      kept.entries.map((entry) => (entry.position === 1 ? { ...entry, actor: 'somebody else' } : entry)),
    );
    expect(misfitOf(anew)).toBeUndefined();
    for (const seal of kept.seals) {
      const misfit = misfitOf(anew, seen(seal));
      expect(misfit).toMatchObject({ position: seal.last, message: 'another seal ends here than was seen' });
    }
  });

  it('must end where it ended', () => {
    const seal = kept.seals.find(({ first, last }) => last > first)!;
    const misfit = misfitOf(kept, { position: seal.first, hash: seal.hash });
    expect(misfit).toMatchObject({ position: seal.first, message: 'no seal ends here, but one was seen' });
  });
});

describe('what is kept beside the journal', () => {
  it('is the branch as the journal leaves it (R8)', () => {
    for (const [path, damaged] of variantsOf(kept.branch)) {
      if (path === '.id') continue;
      const misfit = misfitOf({ ...kept, branch: damaged as KeptBranch['branch'] });
      expect(misfit?.position, path).toBe(kept.branch.position + (path === '.position' ? 1 : 0));
    }
    const behind = { ...kept.branch, position: kept.branch.position - 1 };
    expect(misfitOf({ ...kept, branch: behind })?.position).toBe(kept.branch.position);
  });

  it('is every account as the journal leaves it (R3, R8)', () => {
    for (const account of kept.accounts) {
      const others = kept.accounts.filter((other) => other !== account);
      expect(misfitOf({ ...kept, accounts: others })).toMatchObject({ position: account.position });
      for (const [path, damaged] of variantsOf(account)) {
        if (path === '.branch') continue;
        const misfit = misfitOf({ ...kept, accounts: [...others, damaged as typeof account] });
        expect([account.position, kept.branch.position], path).toContain(misfit?.position);
        if (path !== '.serial') expect(misfit?.position, path).toBe(account.position);
      }
    }
  });

  it('is no account twice, and none that was never opened', () => {
    const [account] = kept.accounts;
    const misfit = misfitOf({ ...kept, accounts: [...kept.accounts, account!] });
    expect(misfit?.position).toBe(kept.branch.position);
    expect(misfit?.message).toContain('was never opened');
  });

  it('is named at the first position of several', () => {
    const accounts = kept.accounts.map((account) => ({ ...account, openedMicros: 1 }));
    const first = Math.min(...accounts.map(({ position }) => position));
    for (const some of [accounts, accounts.toReversed()]) {
      expect(misfitOf({ ...kept, accounts: some })?.position).toBe(first);
    }
  });

  it('is every hold as the journal leaves it (R3, R8)', () => {
    expect(new Set(kept.holds.map(({ status }) => status)).size).toBe(4);
    for (const hold of kept.holds) {
      const others = kept.holds.filter((other) => other !== hold);
      expect(misfitOf({ ...kept, holds: others })?.position).toBe(hold.position);
      const wrongEnds: Partial<HoldState>[] = (['held', 'captured', 'released', 'expired'] as const)
        .filter((status) => status !== hold.status)
        .map((status) => ({ status }));
      const additions: Partial<HoldState>[] = [
        { expiresMicros: 5 },
        { counterparty: { branch: 4, serial: 1 } },
        { captured: 1n },
        { resolvedBy: otherId },
      ];
      const end = endOf(hold);
      for (const damaged of [...wrongEnds, ...additions].map((part) => ({ ...hold, ...part }))) {
        expect([hold.position, end]).toContain(misfitOf({ ...kept, holds: [...others, damaged] })?.position);
      }
      for (const [path, damaged] of variantsOf(hold)) {
        if (path === '.branch') continue;
        const misfit = misfitOf({ ...kept, holds: [...others, damaged as HoldState] });
        const atEnd = ['.status', '.captured', '.resolvedBy'].includes(path);
        expect(misfit?.position, path).toBe(atEnd ? end : hold.position);
      }
    }
  });

  it('may have lost its notes, which does not matter (R9)', () => {
    const entries = kept.entries.map((entry) =>
      entry.notes === undefined ? entry : { ...entry, notes: { hash: entry.notes.hash, notes: undefined } },
    );
    const accounts = kept.accounts.map((account) => ({ ...account, metadata: {} }));
    expect(misfitOf({ ...kept, entries, accounts })).toBeUndefined();
    expect(misfitOf({ ...kept, accounts })?.message).toContain('other metadata');
  });
});

/** The position of the entry that has ended the hold, or that has placed it. */
function endOf({ id, position }: HoldState): number {
  const ends = ({ change }: Entry) =>
    ((change.kind === 'holdReleased' || change.kind === 'holdExpired') && change.hold === id) ||
    (change.kind === 'posting' && change.capture?.hold === id);
  return kept.entries.find(ends)?.position ?? position;
}

function withEntry(branch: KeptBranch, position: number, change: (entry: Entry) => Entry): KeptBranch {
  return {
    ...branch,
    entries: branch.entries.map((each) => (each.position === position ? change(each) : each)),
  };
}

/** Copies of a value that each differ from it in one place, with the path there. */
function variantsOf(value: unknown): [string, unknown][] {
  if (typeof value === 'number') return [['', value + 1]];
  if (typeof value === 'bigint') return [['', value + 1n]];
  if (typeof value === 'boolean') return [['', !value]];
  if (typeof value === 'string') return [['', `${value.slice(0, -1)}${value.endsWith('1') ? '2' : '1'}`]];
  if (Buffer.isBuffer(value)) return [['', flipped(value)]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    variantsOf(part).map(([path, variant]): [string, unknown] => [
      `.${key}${path}`,
      Array.isArray(value) ? value.with(Number(key), variant) : { ...value, [key]: variant },
    ]),
  );
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] = copy[copy.length - 1]! ^ 1;
  return copy;
}

import { encodeEntry, inclusionPath, leafHash, merkleRoot, NO_SEAL } from '@giro/sdk/protocol';
import type { Notes } from '../ledger/notes.js';
import { RequestError } from '../request-error.js';
import type { Database } from './database.js';
import { positionNotFound } from './read-balances.js';
import { branchNotFound } from './read-branches.js';
import { entryFromRow, type EntryRow } from './rows.js';

/** Entries read at once of those that a seal covers. */
const PAGE_SIZE = 500;

/** An entry's canonical bytes and its way up to a seal, to be checked by whoever has the seal's hash (R9). */
export interface ProvenEntry {
  readonly branch: number;
  readonly position: number;
  readonly canonicalEntry: Buffer;
  /** The seal covers the positions first..last. */
  readonly first: number;
  readonly last: number;
  /** The hashes beside the way from the entry to the seal's root, from the bottom up. */
  readonly path: readonly Uint8Array[];
  /** The hash of the seal before; 32 zero bytes for the first. */
  readonly previousHash: Buffer;
  readonly sealHash: Buffer;
  /** What the hash in the canonical bytes was made from; undefined if there was none, or it was erased. */
  readonly notes: Notes | undefined;
}

/**
 * Proves that an entry is in its branch's journal. What a seal covers never changes, so it is read page by page.
 *
 * @throws {@link RequestError} with BRANCH_NOT_FOUND, POSITION_NOT_FOUND, or INTERNAL if what is kept fits no seal
 */
export async function proveEntry(database: Database, branch: number, position: number): Promise<ProvenEntry> {
  const seal = await readSeal(database, branch, position);
  const { first, last, root, hash, previousHash } = seal;
  const leaves: Buffer[] = [];
  let proven: Pick<ProvenEntry, 'canonicalEntry' | 'notes'> | undefined;
  while (leaves.length <= last - first) {
    const after = first - 1 + leaves.length;
    const rows = await database.rows<EntryRow>(ENTRIES, [branch, after, last, PAGE_SIZE]);
    if (rows.length === 0) throw damaged(branch, seal);
    for (const entry of rows.map(entryFromRow)) {
      const canonicalEntry = encodeEntry(entry);
      leaves.push(leafHash(canonicalEntry));
      if (entry.position === position) proven = { canonicalEntry, notes: entry.notes?.notes };
    }
  }
  if (proven === undefined || !merkleRoot(leaves).equals(root)) throw damaged(branch, seal);
  const path = inclusionPath(leaves, position - first);
  return { branch, position, ...proven, first, last, path, previousHash, sealHash: hash };
}

/** A branch with the seal that covers the position, if there is one. */
interface SealRow {
  /** Where the journal ends. */
  readonly head_position: string;
  readonly first_position: string | null;
  readonly last_position: string | null;
  readonly root: Buffer | null;
  readonly hash: Buffer | null;
  readonly previous_hash: Buffer | null;
}

interface CoveringSeal {
  readonly first: number;
  readonly last: number;
  readonly root: Buffer;
  readonly hash: Buffer;
  readonly previousHash: Buffer;
}

async function readSeal(database: Database, branch: number, position: number): Promise<CoveringSeal> {
  const [row] = await database.rows<SealRow>(SEAL, [branch, position]);
  if (row === undefined) throw branchNotFound(branch);
  const { first_position: first, last_position: last, root, hash } = row;
  if (first === null || last === null || root === null || hash === null) {
    throw positionNotFound(branch, position, Number(row.head_position));
  }
  const previousHash = row.previous_hash ?? Buffer.from(NO_SEAL);
  return { first: Number(first), last: Number(last), root, hash, previousHash };
}

function damaged(branch: number, { first, last }: CoveringSeal): RequestError {
  const positions = `positions ${first}..${last} of branch ${branch}`;
  return new RequestError('INTERNAL', `${positions} do not fit their seal; verify the journal`);
}

const SEAL = `
  select b.position as head_position, s.first_position, s.last_position, s.root, s.hash, p.hash as previous_hash
  from branches b
  left join lateral (
    select * from seals where branch_id = b.branch_id and last_position >= $2 order by last_position limit 1
  ) s on s.first_position <= $2
  left join seals p on p.branch_id = b.branch_id and p.last_position = s.first_position - 1
  where b.branch_id = $1 and b.position > 0`;

const ENTRIES = `
  select * from entries where branch_id = $1 and position > $2 and position <= $3 order by position limit $4`;

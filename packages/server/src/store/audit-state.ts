import type { JournalHead } from '../ledger/seal.js';
import type { Database } from './database.js';

/** How long a server is the auditor without saying so again: then another one takes over. */
const LEASE_SECONDS = 60;

/** How far the audit of the bank has come. */
export interface AuditPlace {
  /** The branch that is audited; -1 before the first. */
  readonly branch: number;
  /** The last seal that fits, in that branch. */
  readonly head: JournalHead;
  /** How often all branches were audited. */
  readonly rounds: number;
}

/** Becomes the bank's auditor, or stays it. @returns how far the audit has come; undefined if another server is it */
export async function claimAudit(database: Database, server: string): Promise<AuditPlace | undefined> {
  const [row] = await database.glance<AuditorRow>(CLAIM, [server]);
  if (row === undefined) return undefined;
  const { branch_id: branch, position, head_hash: hash, rounds } = row;
  return { branch, head: { position: Number(position), hash }, rounds: Number(rounds) };
}

/** Writes down how far the audit has come, if the server is still the auditor. */
export async function keepAuditPlace(database: Database, server: string, place: AuditPlace): Promise<void> {
  const { branch, head, rounds } = place;
  await database.glance(KEEP, [server, branch, head.position, head.hash, rounds]);
}

/** Stops being the auditor, so that another server can go on at once. */
export async function leaveAudit(database: Database, server: string): Promise<void> {
  await database.glance(LEAVE, [server]);
}

interface AuditorRow {
  readonly branch_id: number;
  readonly position: string;
  readonly head_hash: Buffer;
  readonly rounds: string;
}

const CLAIM = `
  update auditor set server = $1, leased_until = now() + interval '${LEASE_SECONDS} seconds'
  where id = 1 and (server = $1 or leased_until <= now()) returning branch_id, position, head_hash, rounds`;

const KEEP = `
  update auditor set branch_id = $2, position = $3, head_hash = $4, rounds = $5 where id = 1 and server = $1`;

const LEAVE = 'update auditor set leased_until = now() where id = 1 and server = $1';

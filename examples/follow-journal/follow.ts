import type { Bank, Entry, JournalHead } from '@giro/sdk';
import type { Client } from 'pg';

const SCHEMA = `
  create table if not exists followed_balances (account text primary key, credits_minus_debits numeric not null);
  create table if not exists followed_places (
    branch int primary key, position bigint not null, sealed_to bigint, seal_hash bytea
  )`;

/**
 * Follows a branch's journal into another database, each entry exactly once: what an entry causes, and the place in the
 * journal, are written in one transaction. Whoever dies in between has written neither, and goes on there the next time.
 *
 * It ends when `signal` aborts, by throwing its reason.
 */
export async function follow(bank: Bank, target: Client, branch: number, signal: AbortSignal): Promise<void> {
  await target.query(SCHEMA);
  await target.query('insert into followed_places values ($1, 0) on conflict do nothing', [branch]);
  const place = await placeOf(target, branch);
  for await (const entry of bank.journal.watch({ branch, ...place }, { signal })) {
    await target.query('begin');
    await apply(target, entry);
    await advance(target, branch, entry);
    await target.query('commit');
  }
}

/** Where to go on, with the seal that was seen there: so that a journal that was replaced is told from one that has grown. */
async function placeOf(target: Client, branch: number): Promise<{ after: bigint; seal?: JournalHead }> {
  const { rows } = await target.query<PlaceRow>('select * from followed_places where branch = $1', [branch]);
  const { position = '0', sealed_to = null, seal_hash: hash = null } = rows[0] ?? {};
  const after = BigInt(position);
  return sealed_to === null || hash === null
    ? { after }
    : { after, seal: { position: BigInt(sealed_to), hash } };
}

interface PlaceRow {
  readonly position: string;
  readonly sealed_to: string | null;
  readonly seal_hash: Buffer | null;
}

/** What an entry causes here: a sum for each account, which would be wrong if any entry counted twice or not at all. */
async function apply(target: Client, entry: Entry): Promise<void> {
  if (entry.kind !== 'posting') return;
  const { debitAccount, creditAccount, amount } = entry;
  const add = `
    insert into followed_balances values ($1, $2) on conflict (account)
    do update set credits_minus_debits = followed_balances.credits_minus_debits + excluded.credits_minus_debits`;
  await target.query(add, [debitAccount, -amount.amount]);
  await target.query(add, [creditAccount, amount.amount]);
}

/** Moves the place by one. It must stand just before: the commit of a follower that was killed may come through late. */
async function advance(target: Client, branch: number, { position, seal }: Entry): Promise<void> {
  const { rowCount } = await target.query(
    'update followed_places set position = $2, sealed_to = $3, seal_hash = $4 where branch = $1 and position = $2 - 1',
    [branch, position, seal?.position, seal?.hash],
  );
  if (rowCount !== 1)
    throw new Error(`another follower has written position ${position} of branch ${branch}`);
}

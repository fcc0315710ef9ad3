import { INTERNAL_SERIAL_MIN } from '@giro/sdk/protocol';
import { CLOCK_MICROS } from './database-clock.js';

/** Holds that one sweep settles: as many as fit a commit. What is left over comes with the next. */
const SWEPT_HOLDS_MAX = 2_000;

/**
 * The holds that a batch may find due: those of the accounts ($1 branches, $2 serials) and whole branches ($3) that it
 * names, up to a time that no entry of the batch gets beyond. Entries are later than the clock and than all that the
 * locked branches ($4) have seen, by a microsecond each (R8).
 */
export const DUE_HOLDS = { name: 'due-holds', text: dueHolds(10) };

/**
 * The accounts that a batch names, and those of the holds that it may find due. They are asked for by another statement,
 * with another clock: hence the wider margin.
 */
export const ACCOUNTS = {
  name: 'accounts',
  text: `with due as (${dueHolds(20)})
         select a.* from (
           select * from unnest($1::int[], $2::bigint[])
           union select branch_id, debit_serial from due
           union select branch_id, credit_serial from due
         ) as needed (branch_id, serial)
         join accounts a on a.branch_id = needed.branch_id and a.serial = needed.serial`,
};

function dueHolds(marginSeconds: number): string {
  // A value of its own, asked for once: an index can be searched by it.
  const horizon = `(
    select greatest(${CLOCK_MICROS}, max(time_micros)) + ${marginSeconds}000000
    from branches where branch_id = any($4::int[]))`;
  const isDue = `h.status = 'held' and h.expires_micros <= ${horizon}`;
  // Account by account, however little the planner knows of the table: `offset 0` keeps it from thinking otherwise.
  const side = (serial: 'debit_serial' | 'credit_serial') => `
    select due.* from (select distinct * from unnest($1::int[], $2::bigint[])) as named (branch_id, serial),
    lateral (
      select * from holds h
      where h.branch_id = named.branch_id and h.${serial} = named.serial and ${isDue} offset 0
    ) as due
    where named.serial < ${INTERNAL_SERIAL_MIN}`;
  // In an order without ties, so that both statements take the same ones.
  return `${side('debit_serial')} union ${side('credit_serial')}
    union (
      select h.* from holds h where h.branch_id = any($3::int[]) and ${isDue}
      order by h.expires_micros, h.branch_id, h.hold_id limit ${SWEPT_HOLDS_MAX}
    )`;
}

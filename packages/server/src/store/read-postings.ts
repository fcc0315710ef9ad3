import { MARK_INTERVAL } from './posting-chains.js';

/** The first mark that is not before the end of a range `r`; the last posting if there is none. */
const FIRST_MARK_BEYOND = `
  coalesce((
    select m.position from posting_marks m
    where m.branch_id = r.branch_id and m.serial = r.serial and m.position >= r.up_to
    order by m.position limit 1
  ), r.last_posting)`;

/**
 * A mark with as many postings behind it in a range `r` as are wanted, or the last posting: behind the first mark of a range
 * is one posting at least, itself, and behind each further one an interval more.
 */
const MARK_BEYOND_OLDEST = `
  coalesce((
    select m.position from posting_marks m
    where m.branch_id = r.branch_id and m.serial = r.serial and m.position > r.after
    order by m.position offset (r.oldest + ${MARK_INTERVAL - 2}) / ${MARK_INTERVAL} limit 1
  ), r.last_posting)`;

/** Each step is one look into the primary key: with `offset 0` there is no other plan, whatever the planner believes. */
const step = (position: string) => `
  lateral (
    select e.position,
      case e.debit_serial when r.serial then e.debit_previous else e.credit_previous end as previous,
      case e.debit_serial when r.serial then e.debit_balance else e.credit_balance end as balance
    from entries e where e.branch_id = r.branch_id and e.position = ${position} offset 0
  ) as step`;

const WALKED =
  'r.n, r.branch_id, r.serial, r.after, r.up_to, r.newest, step.position, step.previous, step.balance';

/**
 * Finds postings of accounts by walking back along their chains (docs/adr/0007), all ranges in step: some dozens of steps
 * more than there are postings wanted at most, however long the journal is.
 *
 * For use in `with recursive`, after `ranges (n, branch_id, serial, last_posting, after, up_to, newest, oldest)`, each of the
 * positions `after` one `up_to` another. Of the last two, one says how many of the newest or oldest postings are wanted, and
 * the other is null. It defines `postings (n, position, balance)` with at least these, the balance being the account's after
 * each.
 */
export const FOUND_POSTINGS = `
  walk (n, branch_id, serial, after, up_to, newest, position, previous, balance, found) as (
    select ${WALKED}, (step.position <= r.up_to)::int
    from (
      select r.*, least(${FIRST_MARK_BEYOND}, case when r.oldest is not null then ${MARK_BEYOND_OLDEST} end) as beginning
      from ranges r where r.after < r.up_to offset 0
    ) as r cross join ${step('r.beginning')}
    union all
    select ${WALKED}, r.found + (step.position <= r.up_to)::int
    from walk r cross join ${step('r.previous')}
    -- A link that leads forward is damaged, and ends the walk.
    where r.previous > r.after and r.previous < r.position and coalesce(r.found < r.newest, true)
  ),
  postings (n, position, balance) as (
    select n, position, balance from walk where position > after and position <= up_to
  )`;

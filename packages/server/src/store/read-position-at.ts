/**
 * Finds the last position whose time is at or before a given one. Times strictly increase with the positions (R8), so a
 * binary search over the primary key finds it in as many steps as the position has bits, and no index on time is needed.
 *
 * For use in `with recursive`, after `wanted (n, branch_id, micros)`; it defines `found (n, branch_id, position)`, with
 * position 0 where the journal began later. Rows of `wanted` without micros are left out.
 */
export const FOUND_POSITIONS = `
  search (n, branch_id, micros, low, high) as (
    select w.n, w.branch_id, w.micros, 0::bigint, b.position
    from wanted w join branches b on b.branch_id = w.branch_id
    where w.micros is not null
    union all
    select n, branch_id, micros, case when early then middle else low end, case when early then high else middle - 1 end
    from (
      select s.*, (low + high + 1) / 2 as middle,
        (select e.time_micros <= s.micros from entries e
         where e.branch_id = s.branch_id and e.position = (s.low + s.high + 1) / 2) as early
      from search s where low < high
    ) as step
  ),
  found (n, branch_id, position) as (select n, branch_id, low from search where low = high)`;

/** Where a balance is asked for: SQL expressions, whose columns say of what they are. */
export interface BalancePlace {
  readonly branch: string;
  readonly serial: string;
  readonly position: string;
}

/**
 * The balance of an account after a position, from the last posting that it had up to there; 0 if it had none. Each half
 * walks an index of its own, so that it costs the same however long the journal is.
 */
export function balanceAt({ branch, serial, position }: BalancePlace): string {
  const half = (side: 'debit' | 'credit') => `
    (select e.position, e.${side}_balance as balance from entries e
     where e.branch_id = ${branch} and e.kind = 'posting' and e.${side}_serial = ${serial}
       and e.position <= ${position}
     order by e.position desc limit 1)`;
  return `coalesce((
    select balance from (${half('debit')} union all ${half('credit')}) as sides order by position desc limit 1
  ), 0)`;
}

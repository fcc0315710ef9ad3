/** Customer ids that start so belong to the seed's interface; others cannot take them. */
export const SEED_CUSTOMER_PREFIX = 'seed:';

/** The customer id of the seed's customer `n`. */
export function seedCustomer(n: number): string {
  return `${SEED_CUSTOMER_PREFIX}${n}`;
}

/**
 * The branches in which the seed's customer `n` may live, the preferred one first: branch n mod 10, and for 0 branch 0
 * if there is one at the first deposit, else branch 10. Where the account is, the customer is bound.
 */
export function seedBranches(n: number): readonly number[] {
  return n % 10 === 0 ? [0, 10] : [n % 10];
}

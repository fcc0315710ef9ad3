import { AccountServiceDefinition, GetBalancesResponse } from '../gen/giro/v1/account_service.js';
import type { Reason } from '../catalogue/catalogue.js';
import { LOOKUP_ITEMS_MAX } from '../limits.js';
import type { Joint } from './joint.js';
import { method } from './method.js';
import type { Attempt } from './peer.js';
import { backoffs } from './retry-policy.js';

/** Reads of balances as they are now go together as one read, of one snapshot for all of them. */
export const jointBalances: Joint<GetBalancesResponse> = {
  path: method(AccountServiceDefinition, AccountServiceDefinition.methods.getBalances).path,
  // A request costs client and server about as much as fifty balances.
  worthwhile: 256,
  itemsMax: LOOKUP_ITEMS_MAX,
  // Encoded messages that stand one after the other are one message, with all their accounts.
  encode: (calls) => Buffer.concat(calls.map(({ bytes }) => bytes)),
  split: (answer, calls) => {
    const { balances } = GetBalancesResponse.decode(answer);
    const items = calls.reduce((sum, { share }) => sum + share.items, 0);
    if (balances.length !== items) throw new Error(`${balances.length} balances for ${items} accounts`);
    let end = 0;
    return calls.map(({ share }) => ({ balances: balances.slice(end, (end += share.items)) }));
  },
  // One account that does not exist has the whole read refused.
  mayBeOfOne: ({ reason }) => backoffs[reason] === undefined && !ended.has(reason),
};

/** Attempts at a read of the balances of this many accounts. The accounts of one read stay together. */
export function joinedBalances(items: number): Attempt<GetBalancesResponse> {
  const open = (part: GetBalancesResponse) => ({ kind: 'done', result: part }) as const;
  return (peer, terms) => peer.balances.attempt(terms, { items, tag: 0, open });
}

/** Ends of a request that are nobody's fault. */
const ended: ReadonlySet<Reason> = new Set(['DEADLINE_EXCEEDED', 'CANCELLED']);

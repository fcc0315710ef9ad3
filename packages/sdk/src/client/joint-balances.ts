import {
  AccountServiceDefinition,
  GetBalancesResponse,
  type GetBalancesRequest,
} from '../gen/giro/v1/account_service.js';
import type { Reason } from '../catalogue/catalogue.js';
import { LOOKUP_ITEMS_MAX } from '../limits.js';
import type { Joint, Share } from './joint.js';
import { method } from './method.js';
import type { Attempt } from './peer.js';
import { backoffs } from './retry-policy.js';

const getBalances = method(AccountServiceDefinition, AccountServiceDefinition.methods.getBalances);

/** Reads of balances as they are now go together as one read, of one snapshot for all of them. */
export const jointBalances: Joint<readonly string[], GetBalancesResponse> = {
  path: getBalances.path,
  // A request costs client and server about as much as fifty balances.
  worthwhile: 256,
  itemsMax: LOOKUP_ITEMS_MAX,
  encode: (lists) => getBalances.encode({ accounts: lists.flat() }),
  split: (answer, counts) => {
    const { balances } = GetBalancesResponse.decode(answer);
    const asked = counts.reduce((sum, count) => sum + count, 0);
    if (balances.length !== asked) throw new Error(`${balances.length} balances for ${asked} accounts`);
    let end = 0;
    return counts.map((count) => ({ balances: balances.slice(end, (end += count)) }));
  },
  // One account that does not exist has the whole read refused.
  mayBeOfOne: ({ reason }) => backoffs[reason] === undefined && !ended.has(reason),
};

/** Attempts at a read of balances. The accounts of one read stay together. */
export const joinedBalances: Attempt<GetBalancesRequest, GetBalancesResponse> = (peer, terms, settled) => {
  peer.balances.attempt(terms, share, settled);
};

const share: Share<GetBalancesRequest, GetBalancesResponse, readonly string[], GetBalancesResponse> = {
  itemOf: ({ accounts }) => accounts,
  countOf: ({ accounts }) => accounts.length,
  bytesMaxOf: ({ accounts }) => accounts.length * ACCOUNT_BYTES_MAX,
  open: (part) => ({ kind: 'done', result: part }),
};

/** An account id of at most 18 characters, its tag and its length. */
const ACCOUNT_BYTES_MAX = 20;

/** Ends of a request that are nobody's fault. */
const ended: ReadonlySet<Reason> = new Set(['DEADLINE_EXCEEDED', 'CANCELLED']);

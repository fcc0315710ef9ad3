import type { GetBalancesResponse } from '../gen/giro/v1/account_service.js';
import type { Outcome } from '../gen/giro/v1/transfer_service.js';
import { attempt, type Attempted, type AttemptTerms } from './attempt.js';
import { Coalescer } from './coalescer.js';
import { jointBalances } from './joint-balances.js';
import { jointWrites } from './joint-writes.js';
import { Server } from './server.js';

/** A server, and what goes to it together. */
export interface Peer {
  readonly server: Server;
  readonly writes: Coalescer<Outcome>;
  readonly balances: Coalescer<GetBalancesResponse>;
}

/** Makes one attempt at a call. */
export type Attempt<Answer> = <Result>(
  peer: Peer,
  terms: AttemptTerms<Answer, Result>,
) => Promise<Attempted<Result>>;

export function connectPeer(address: string): Peer {
  const server = new Server(address);
  return {
    server,
    writes: new Coalescer(server, jointWrites),
    balances: new Coalescer(server, jointBalances),
  };
}

export function closePeer({ server, writes, balances }: Peer): void {
  writes.close();
  balances.close();
  server.close();
}

/** Sends the call by itself. */
export function attemptAlone<Answer, Result>(
  { server }: Peer,
  terms: AttemptTerms<Answer, Result>,
): Promise<Attempted<Result>> {
  return attempt(server, terms);
}

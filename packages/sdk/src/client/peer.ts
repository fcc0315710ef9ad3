import type { GetBalancesResponse } from '../gen/giro/v1/account_service.js';
import type { Command, Outcome } from '../gen/giro/v1/transfer_service.js';
import { attempt, type Attempted, type RequestTerms } from './attempt.js';
import type { ChannelSettings } from './channel.js';
import { Coalescer } from './coalescer.js';
import { jointBalances } from './joint-balances.js';
import { jointWrites } from './joint-writes.js';
import { RetryBudget } from './retry-budget.js';
import { Server } from './server.js';

/** A server, and what goes to it together. */
export interface Peer {
  readonly server: Server;
  readonly writes: Coalescer<Command, Outcome>;
  readonly balances: Coalescer<readonly string[], GetBalancesResponse>;
  readonly budget: RetryBudget;
}

/** Makes one attempt at a call. It tells the result by a callback, since a promise is most of what waiting costs. */
export type Attempt<Request, Answer> = <Result>(
  peer: Peer,
  terms: RequestTerms<Request, Answer, Result>,
  settled: (attempted: Attempted<Result>) => void,
) => void;

/** @param serverName - whom its certificate is to name; by default the host of the address */
export function connectPeer(address: string, settings: ChannelSettings, serverName?: string): Peer {
  const server = new Server(address, settings, serverName);
  return {
    server,
    budget: new RetryBudget(),
    writes: new Coalescer(server, jointWrites),
    balances: new Coalescer(server, jointBalances),
  };
}

export function closePeer({ server, writes, balances }: Peer): void {
  writes.close();
  balances.close();
  server.close();
}

/** Attempts at a call that is sent by itself. */
export function alone<Request, Answer>(bytes: Uint8Array): Attempt<Request, Answer> {
  return ({ server }, terms, settled) => {
    void attempt(server, bytes, terms).then(settled);
  };
}

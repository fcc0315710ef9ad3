import type { FailedAttempt } from '../errors/bank-error.js';
import type { CallOptions } from './options.js';
import { abortedFailure, type Attempted, type AttemptLimits } from './attempt.js';
import { addAttempt, noAttempts, type Attempts } from './attempts.js';
import { errorOf, type Failure, type FailedCall } from './failure.js';
import type { OutgoingAttempt, Retry } from './interceptor.js';
import type { Method } from './method.js';
import type { Peer } from './peer.js';
import type { Peers } from './peers.js';
import type { Receipt, GroupReceipt } from './receipt.js';
import { backoffs, retryDelayMs, type RetryPolicy } from './retry-policy.js';

/** A call that is tried until it is done, or no further attempt makes sense or fits into its deadline. */
export interface PersistentCall {
  readonly method: Pick<Method<never, unknown>, 'path' | 'idempotency'>;
  readonly branch: number;
  readonly id?: string | undefined;
  readonly policy: RetryPolicy;
  readonly limits: AttemptLimits;
  readonly onAttempt?: ((attempt: OutgoingAttempt) => void) | undefined;
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** Makes the write again, as often as it takes. */
  readonly resend?: ((options?: CallOptions) => Promise<Receipt | GroupReceipt>) | undefined;
}

/** What all calls of a client share. */
export interface Retrying {
  readonly peers: Peers;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Ends early when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Makes one attempt. */
export type TryOnce<Result> = (peer: Peer, made: Attempts) => Promise<Attempted<Result>>;

/** A first attempt that failed. */
export interface FirstAttempt {
  /** Undefined if there was no server to ask. */
  readonly peer: Peer | undefined;
  readonly failure: Failure;
}

/** Makes the first attempt, and whatever attempts it takes. */
export async function persist<Result>(
  retrying: Retrying,
  call: PersistentCall,
  tryOnce: TryOnce<Result>,
): Promise<Result> {
  checkNotAborted(call, noAttempts);
  const first = await attemptAt(retrying, call, noAttempts, tryOnce);
  if (first.attempted.kind === 'done') return first.attempted.result;
  return persistAfter(retrying, call, tryOnce, { ...first, failure: first.attempted.failure });
}

/** {@link persist} from the failure of the first attempt on. */
export async function persistAfter<Result>(
  retrying: Retrying,
  call: PersistentCall,
  tryOnce: TryOnce<Result>,
  first: FirstAttempt,
): Promise<Result> {
  const { deadline, signal } = call.limits;
  const earlier: FailedAttempt[] = [];
  let { peer, failure } = first;
  let made = addAttempt(noAttempts, failure);
  for (;;) {
    takeAccount(peer, failure);
    const server = peer?.server.address ?? retrying.peers.names;
    const delayMs = delayBefore(retrying, call, made, failure);
    if (delayMs === 'budget') {
      const problem = `${failure.message} (not tried again: too much of what was sent to ${server} failed lately)`;
      throw errorOf({ ...failure, message: problem }, failedCall(call, made, earlier));
    }
    // A wait that outlasts the deadline would only hide this failure behind another.
    if (delayMs === undefined || performance.now() + delayMs >= deadline) {
      throw errorOf(failure, failedCall(call, made, earlier));
    }
    const attempt = {
      server,
      reason: failure.reason,
      problem: failure.message,
    };
    earlier.push(attempt);
    call.onRetry?.({ ...attempt, attempts: made.attempts, delayMs });
    made = { ...made, renewed: made.renewed || failure.newToken === true };
    if (delayMs > 0) await retrying.sleep(delayMs, signal);
    checkNotAborted(call, made, earlier);
    const next = await attemptAt(retrying, call, made, tryOnce);
    ({ peer } = next);
    if (next.attempted.kind === 'done') return next.attempted.result;
    ({ failure } = next.attempted);
    made = addAttempt(made, failure);
  }
}

/** @throws {@link BankError} if the caller has aborted the call */
export function checkNotAborted(
  call: Pick<PersistentCall, 'method' | 'id' | 'resend'> & { readonly limits: Pick<AttemptLimits, 'signal'> },
  made: Attempts,
  earlier: readonly FailedAttempt[] = [],
): void {
  const { signal } = call.limits;
  if (signal?.aborted === true) throw errorOf(abortedFailure(signal, false), failedCall(call, made, earlier));
}

/** {@link checkNotAborted} for a read that is no call of the bank's. */
export function checkReadNotAborted(signal: AbortSignal | undefined, where: string): void {
  const method = { path: where, idempotency: 'NO_SIDE_EFFECTS' } as const;
  checkNotAborted({ method, limits: { signal } }, noAttempts);
}

async function attemptAt<Result>(
  { peers }: Retrying,
  { branch, limits, onAttempt }: PersistentCall,
  made: Attempts,
  tryOnce: TryOnce<Result>,
): Promise<{ peer: Peer | undefined; attempted: Attempted<Result> }> {
  const { deadline, signal } = limits;
  const failure = await peers.some(deadline - performance.now(), signal);
  if (failure !== undefined) return { peer: undefined, attempted: { kind: 'failed', failure } };
  const peer = peers.pick(branch, made.turn);
  const attempts = made.attempts + 1;
  onAttempt?.({ attempts, server: peer.server.address });
  const attempted = await tryOnce(peer, { ...made, attempts });
  if (attempted.kind === 'done') peer.budget.succeeded();
  return { peer, attempted };
}

/** A refusal is an answer like any other; what was never sent says nothing of how the server copes. */
function takeAccount(peer: Peer | undefined, { reason, sent }: Failure): void {
  if (backoffs[reason] === undefined) peer?.budget.succeeded();
  else if (sent) peer?.budget.failed();
}

/** @returns undefined if no further attempt is right; 'budget' if one would be, but its server may get none */
function delayBefore(
  { peers, random }: Retrying,
  { policy, branch }: PersistentCall,
  made: Attempts,
  { reason, pushbackMs, newToken = false }: Failure,
): number | 'budget' | undefined {
  // Surely not applied, and no trouble of the server's.
  if (newToken && !made.renewed) return 0;
  const servers = peers.ranked(branch).length;
  const delayMs = retryDelayMs({ policy, reason, pushbackMs, servers, random, ...made });
  const allowed = servers === 0 || peers.pick(branch, made.turn).budget.allowsRetry;
  return delayMs === undefined || allowed ? delayMs : 'budget';
}

function failedCall(
  { method, id = '', resend }: Pick<PersistentCall, 'method' | 'id' | 'resend'>,
  { attempts, mayBeApplied }: Attempts,
  earlierAttempts: readonly FailedAttempt[],
): FailedCall {
  const writeId = method.idempotency === 'NO_SIDE_EFFECTS' ? undefined : id;
  // Without an id it would be another write.
  return {
    where: method.path,
    attempts,
    writeId,
    mayBeApplied,
    earlierAttempts,
    resend: id === '' ? undefined : resend,
  };
}

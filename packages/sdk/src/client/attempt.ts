import { status } from '@grpc/grpc-js';
import { asError } from '../errors/as-error.js';
import { BankError } from '../errors/bank-error.js';
import { ClientClosedError } from '../errors/failures.js';
import type { Attempts } from './attempts.js';
import { connectionProblem } from './connection-problem.js';
import { failureOf, localFailure, type Failure } from './failure.js';
import type { Method } from './method.js';
import type { Headers, SendFailed, Server, Unconnected } from './server.js';

/** What one attempt came to. */
export type Attempted<Result> =
  { readonly kind: 'done'; readonly result: Result } | { readonly kind: 'failed'; readonly failure: Failure };

/** How long an attempt may take, and what ends it. */
export interface AttemptLimits {
  /** Infinity for none. */
  readonly timeoutMs: number;
  /** When `timeoutMs` is over, by `performance.now()`. */
  readonly deadline: number;
  readonly hurry: boolean;
  readonly signal: AbortSignal | undefined;
  readonly headers?: Headers | undefined;
}

export interface AttemptTerms<Answer, Result> extends AttemptLimits {
  readonly method: Pick<Method<never, Answer>, 'path' | 'decode'>;
  /** The attempts at the call, this one included. */
  readonly made: Attempts;
  readonly read: (answer: Answer, made: Attempts) => Result;
}

/** The terms of an attempt at a call whose request is encoded when it is sent. */
export interface RequestTerms<Request, Answer, Result> extends AttemptTerms<Answer, Result> {
  readonly method: Method<Request, Answer>;
  readonly request: Request;
}

/** Sends a request to one server once, and reads the answer or what went wrong. */
export async function attempt<Answer, Result>(
  server: Server,
  bytes: Uint8Array,
  terms: AttemptTerms<Answer, Result>,
): Promise<Attempted<Result>> {
  const { method, made, read } = terms;
  const sending = await server.send(method.path, bytes, terms);
  if (sending.kind !== 'answered') return { kind: 'failed', failure: whyNot(server, sending, terms) };
  return readAnswer(() => read(method.decode(sending.bytes), made));
}

/** Reads an answer; one that cannot be read is damaged. */
export function readAnswer<Result>(read: () => Result): Attempted<Result> {
  return guardAnswer(() => ({ kind: 'done', result: read() }));
}

/** Like {@link readAnswer}, where the answer may tell of a failure. */
export function guardAnswer<Result>(read: () => Attempted<Result>): Attempted<Result> {
  try {
    return read();
  } catch (cause) {
    return { kind: 'failed', failure: damagedFailure(cause) };
  }
}

export function damagedFailure(cause: unknown): Failure {
  const problem = `the answer is damaged: ${asError(cause).message}`;
  return localFailure('INTERNAL', problem, { sent: true, cause });
}

/** The caller's signal ended the call, or the client was closed under one that has no end of its own. */
export function abortedFailure(signal: AbortSignal, sent: boolean): Failure {
  return signal.reason instanceof ClientClosedError
    ? localFailure('CLIENT_CLOSED', 'the client is closed', { sent })
    : localFailure('CANCELLED', 'the caller aborted the call', { sent, cause: signal.reason });
}

/** Why a server gave no answer, or no further one. */
export function whyNot(
  server: Server,
  sending: SendFailed | Unconnected,
  limits: Omit<AttemptLimits, 'hurry'>,
): Failure {
  return sending.kind === 'unconnected'
    ? unconnectedFailure(server, sending, limits)
    : sentFailure(server, sending, limits);
}

function unconnectedFailure(
  { address }: Server,
  { late, tokenProblem }: Unconnected,
  { signal, timeoutMs }: Omit<AttemptLimits, 'hurry'>,
): Failure {
  const sent = false;
  if (signal?.aborted === true) return abortedFailure(signal, sent);
  if (tokenProblem !== undefined) return tokenFailure(tokenProblem);
  if (!late) return localFailure('UNAVAILABLE', `${address} does not let itself be connected to`, { sent });
  return localFailure('DEADLINE_EXCEEDED', `no connection to ${address} within ${timeoutMs} ms`, { sent });
}

function sentFailure(
  server: Server,
  { error, sent, token }: SendFailed,
  { signal, deadline, timeoutMs }: Omit<AttemptLimits, 'hurry'>,
): Failure {
  if (error.code === status.CANCELLED && signal?.aborted === true) return abortedFailure(signal, sent);
  if (error.code === status.DEADLINE_EXCEEDED && performance.now() >= deadline - TIMER_SLACK_MS) {
    return localFailure('DEADLINE_EXCEEDED', `no answer within ${timeoutMs} ms`, { sent, cause: error });
  }
  if (error.code === status.UNAUTHENTICATED) {
    return { ...failureOf(error, sent), newToken: server.tokenRefused(token) };
  }
  if (sent || error.code !== status.UNAVAILABLE) return failureOf(error, sent);
  const problem = connectionProblem(error.details, server.address, server.tls);
  return localFailure('UNAVAILABLE', problem, { sent, cause: error });
}

function tokenFailure(cause: Error): Failure {
  const problem = `there is no token to send: ${cause instanceof BankError ? cause.rawMessage : cause.message}`;
  return localFailure('UNAUTHENTICATED', problem, { sent: false, cause });
}

/** A timer may fire a little before the clock agrees. */
const TIMER_SLACK_MS = 20;

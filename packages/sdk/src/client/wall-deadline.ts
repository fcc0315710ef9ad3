/**
 * A deadline as grpc-js takes it, in milliseconds since 1970: for a request that leaves now.
 *
 * All moments in the client are by `performance.now()`, which nobody can set: a wall clock that is put right while a call
 * is under way would move its deadline.
 *
 * @param deadline - by `performance.now()`; Infinity for none
 */
export function wallDeadline(deadline: number): number {
  return Date.now() + (deadline - performance.now());
}

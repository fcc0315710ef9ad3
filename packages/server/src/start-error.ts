/** Why a server cannot start. The message says in one sentence what is wrong and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

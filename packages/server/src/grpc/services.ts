import type { Logger } from 'pino';
import type { CommitPath } from '../commit/commit-lanes.js';
import type { Command } from '../ledger/command.js';
import type { Outcome } from '../ledger/execute.js';
import { RequestError } from '../request-error.js';
import type { JournalVerifications } from '../store/journal-verifications.js';
import type { Reads } from '../store/reads.js';
import type { JournalWatch } from '../watch/journal-watch.js';
import type { CallContext } from './unary-call.js';

/** What the handlers work with. */
export interface Services {
  readonly committer: CommitPath;
  readonly reads: Reads;
  readonly watch: JournalWatch;
  readonly verifications: JournalVerifications;
  readonly log: Logger;
  /** The currency of the seed's interface, whose amounts have none. */
  readonly currency: string;
}

/** An outcome that is not a refusal. */
export type Applied = Extract<Outcome, { kind: 'applied' }>;

/** Submits a command and throws its refusal. */
export async function applied(
  { committer }: Services,
  command: Command,
  { abandoned }: CallContext,
): Promise<Applied> {
  const outcome = await committer.submit(command, abandoned);
  if (outcome.kind === 'applied') return outcome;
  const { refusal, replayed } = outcome;
  throw new RequestError(refusal.reason, refusal.metadata, undefined, replayed);
}

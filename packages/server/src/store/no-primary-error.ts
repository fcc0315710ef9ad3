import type { DatabaseTrouble } from './database-trouble.js';

/** What is wrong with one of the hosts that a URL names. */
export interface HostTrouble extends DatabaseTrouble {
  /** Such as `a:5432`. */
  readonly host: string;
}

/** None of the hosts that a URL names takes writes. */
export class NoPrimaryError extends Error {
  override readonly name = 'NoPrimaryError';
  /** Whether one of them may take writes later. */
  readonly passing: boolean;

  constructor(hosts: readonly HostTrouble[]) {
    super(`no host takes writes (${hosts.map(({ host, reason }) => `${host}: ${reason}`).join('; ')})`);
    this.passing = hosts.some(({ passing }) => passing);
  }
}

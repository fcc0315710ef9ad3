import type { ServerResponse } from 'node:http';

/** Remembers for the log what went wrong on our side, which the answer does not tell. */
export function noteServerFault(response: ServerResponse, fault: Error): void {
  faults.set(response, fault);
}

/** What went wrong on our side, if anything did. */
export function serverFaultOf(response: ServerResponse): Error | undefined {
  return faults.get(response);
}

const faults = new WeakMap<ServerResponse, Error>();

import type { AccountRef } from '@giro/sdk/protocol';

/** Branch and serial in one safe integer: serials have at most ten digits. */
export function accountKey({ branch, serial }: AccountRef): number {
  return branch * 10_000_000_000 + serial;
}

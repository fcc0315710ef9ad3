import {
  timestampFromMicros,
  type JournalHead as WireJournalHead,
  type JournalPosition,
  type Timestamp,
} from '@giro/sdk/protocol';
import type { JournalHead } from '../../ledger/seal.js';

/** @param seal - the one that covers the position; undefined where only the place is told */
export function wirePosition(branch: number, position: number, seal?: JournalHead): JournalPosition {
  return { branch, position: BigInt(position), seal: seal === undefined ? undefined : wireHead(seal) };
}

export function wireHead({ position, hash }: JournalHead): WireJournalHead {
  return { position: BigInt(position), hash };
}

export function wireTime(micros: number): Timestamp {
  return timestampFromMicros(BigInt(micros));
}

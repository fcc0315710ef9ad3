import { timestampFromMicros, type JournalPosition, type Timestamp } from '@giro/sdk/protocol';

export function wirePosition(branch: number, position: number): JournalPosition {
  return { branch, position: BigInt(position) };
}

export function wireTime(micros: number): Timestamp {
  return timestampFromMicros(BigInt(micros));
}

import type { Money as WireMoney } from '../gen/giro/v1/money.js';
import type { JournalPosition as WirePosition } from '../gen/giro/v1/receipt.js';
import type { Timestamp } from '../gen/google/protobuf/timestamp.js';
import type { Money } from '../money/money.js';
import { microsFromTimestamp } from '../wire/time.js';
import type { JournalPosition } from './receipt.js';

/**
 * Reading of answers. In proto3 a message field may always be absent, so what the protocol promises is checked here; what
 * is thrown is reported as a damaged answer.
 */

export function present<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Error(`${field} is missing`);
  return value;
}

export function moneyFrom(wire: WireMoney | undefined, field: string): Money {
  const { amount, currency } = present(wire, field);
  return { amount, currency };
}

export function positionFrom(wire: WirePosition | undefined): JournalPosition {
  const { branch, position } = present(wire, 'position');
  return { branch: present(branch, 'position.branch'), position };
}

export function timeFrom(wire: Timestamp | undefined): { time: Date; timeMicros: bigint } {
  const timeMicros = microsFromTimestamp(present(wire, 'time'));
  return { time: new Date(Number(timeMicros / 1_000n)), timeMicros };
}

/** Lifetime totals are decimal strings, since they may be wider than 64 bits. */
export function totalFrom(digits: string, field: string): bigint {
  if (!/^\d+$/.test(digits)) throw new Error(`${field} is no decimal number`);
  return BigInt(digits);
}

import type { Money as WireMoney } from '../gen/giro/v1/money.js';
import type { JournalHead as WireHead, JournalPosition as WirePosition } from '../gen/giro/v1/receipt.js';
import type { Timestamp } from '../gen/google/protobuf/timestamp.js';
import type { Money } from '../money/money.js';
import { dateFromTimestamp, microsFromTimestamp } from '../wire/time.js';
import type { JournalHead, JournalPosition } from './receipt.js';

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
  const { branch: wireBranch, position, seal } = present(wire, 'position');
  const branch = present(wireBranch, 'position.branch');
  return seal === undefined ? { branch, position } : { branch, position, seal: headFrom(seal) };
}

export function headFrom(wire: WireHead | undefined): JournalHead {
  const { position, hash } = present(wire, 'seal');
  if (hash.length !== HASH_BYTES) throw new Error(`the seal's hash has ${hash.length} bytes`);
  return { position, hash: new Uint8Array(hash) };
}

export function timeFrom(wire: Timestamp | undefined): { time: Date; timeMicros: bigint } {
  const timestamp = present(wire, 'time');
  return { time: dateFromTimestamp(timestamp), timeMicros: microsFromTimestamp(timestamp) };
}

/** Lifetime totals are decimal strings, since they may be wider than 64 bits. */
export function totalFrom(digits: string, field: string): bigint {
  if (!/^\d+$/.test(digits)) throw new Error(`${field} is no decimal number`);
  return BigInt(digits);
}

/** The field of a text, left out if the text is empty: proto3 has no other way to say that there is none. */
export function textFrom<Name extends string>(name: Name, text: string): Partial<Record<Name, string>> {
  return text === '' ? {} : ({ [name]: text } as Record<Name, string>);
}

/** SHA-256 */
const HASH_BYTES = 32;

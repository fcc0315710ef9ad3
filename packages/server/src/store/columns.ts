import {
  bigintArray,
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  textArray,
  uuidArray,
  type ArrayEncoder,
} from './binary-array.js';
import { numericArray } from './binary-numeric.js';
import type { Statement } from './joined.js';

/** A type of column, and how an array of it is written. */
interface ColumnType<T> {
  readonly sql: string;
  readonly encode: ArrayEncoder<T>;
}

export const smallint: ColumnType<number> = { sql: 'smallint', encode: int2Array };
export const int: ColumnType<number> = { sql: 'int', encode: int4Array };
/** Of safe integers. */
export const bigint: ColumnType<number> = { sql: 'bigint', encode: int8Array };
/** Of amounts. */
export const amount: ColumnType<bigint> = { sql: 'bigint', encode: bigintArray };
export const numeric: ColumnType<bigint> = { sql: 'numeric', encode: numericArray };
export const uuid: ColumnType<string> = { sql: 'uuid', encode: uuidArray };
export const text: ColumnType<string> = { sql: 'text', encode: textArray };
export const bytea: ColumnType<Uint8Array> = { sql: 'bytea', encode: byteaArray };

/** A column of a table, and what a row has in it. */
export interface Column<Row> {
  readonly name: string;
  readonly sql: string;
  /** Undefined for null. */
  cell(row: Row): unknown;
  /** Tells whether a row has the same here as another. */
  same(row: Row, other: Row): boolean;
  /** Undefined if all rows have null. */
  encode(rows: readonly Row[]): Buffer | undefined;
}

/** @param source - what the cell is made of, if that is easier to compare */
export function column<Row, T>(
  name: string,
  { sql, encode }: ColumnType<T>,
  cell: (row: Row) => T | undefined,
  source: (row: Row) => unknown = cell,
): Column<Row> {
  return {
    ...{ name, sql, cell },
    same: (row, other) => source(row) === source(other),
    encode: (rows) => encode(rows, cell),
  };
}

/** Inserts rows, without the columns in which none of them has anything. */
export function insertion<Row>(
  table: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Statement {
  const encoded = columns.map((each) => each.encode(rows));
  const filled = columns.filter((_, index) => encoded[index] !== undefined);
  return {
    name: `insert-${table}-${maskOf(columns, filled)}`,
    text: `insert into ${table} (${filled.map(({ name }) => name).join(', ')})
           select * from unnest(${parametersOf(filled)})`,
    values: encoded.filter((array) => array !== undefined),
  };
}

/**
 * Updates rows in the columns that differ in any of them.
 *
 * @param keys - the columns that tell the rows apart
 * @param before - the rows as they were; undefined where that is not known
 */
export function update<Row>(
  table: string,
  keys: readonly Column<Row>[],
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  before: readonly (Row | undefined)[],
): Statement {
  const changed = columns.filter((each) =>
    rows.some((row, index) => {
      const earlier = before[index];
      return earlier === undefined || !each.same(earlier, row);
    }),
  );
  const sent = [...keys, ...changed];
  return {
    name: `update-${table}-${maskOf(columns, changed)}`,
    text: `update ${table} as t set ${changed.map(({ name }) => `${name} = changed.${name}`).join(', ')}
           from unnest(${parametersOf(sent)}) as changed (${sent.map(({ name }) => name).join(', ')})
           where ${keys.map(({ name }) => `t.${name} = changed.${name}`).join(' and ')}`,
    values: sent.map((each) => each.encode(rows) ?? rows.map(() => null)),
  };
}

function parametersOf(columns: readonly Column<never>[]): string {
  return columns.map(({ sql }, index) => `$${index + 1}::${sql}[]`).join(', ');
}

/** Tells statements of one table apart; a session prepares each but once, and a few dozen come about. */
function maskOf(columns: readonly Column<never>[], chosen: readonly Column<never>[]): string {
  return columns.map((each) => (chosen.includes(each) ? 1 : 0)).join('');
}

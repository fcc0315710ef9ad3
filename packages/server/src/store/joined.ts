import type { QueryConfig } from 'pg';
import { statementName } from './statement-name.js';

/** A prepared statement, with its values. */
export type Statement = QueryConfig & { readonly name: string; readonly values: readonly unknown[] };

/**
 * Makes several statements that change different tables into one: the database is woken, answers and wakes this process
 * for each, which for a few rows takes longer than to write them.
 *
 * @param last - what is selected in the end, from `part0`, the first of them
 */
export function joined(statements: readonly Statement[], last: string): Statement {
  const key = `${statements.map(({ name }) => name).join()}:${last}`;
  const known = JOINED.get(key) ?? join(statements, last, key);
  JOINED.set(key, known);
  return { ...known, values: statements.flatMap(({ values }) => values) };
}

/** By what is joined. There are as many as there are combinations of tables and filled columns: some dozens. */
const JOINED = new Map<string, { readonly name: string; readonly text: string }>();

function join(statements: readonly Statement[], last: string, key: string) {
  let before = 0;
  const parts = statements.map(({ text, values }, index) => {
    const offset = before;
    before += values.length;
    const shifted = text.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + offset}`);
    return `part${index} as (${shifted})`;
  });
  return { name: statementName('joined', key), text: `with ${parts.join(', ')} ${last}` };
}

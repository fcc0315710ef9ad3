import { books } from './0001-books.js';
import { auditor } from './0002-auditor.js';

/** One step of the schema. Steps go forward only; once released, a step never changes. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** All steps, in order. */
export const migrations: readonly Migration[] = [
  { version: 1, sql: books },
  { version: 2, sql: auditor },
];

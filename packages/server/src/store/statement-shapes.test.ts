/**
 * That every statement of the write path stays within what Citus spreads over nodes (design §3): each table that it reads or
 * writes is named with its branch, so that the statement goes to the nodes of its branches.
 */
import { Client } from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { crowd, crowdedBank } from '../commit/crowd.fixture.js';
import { BOOK_TABLES } from './tables.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test('every statement of the write path names the branch of each table, and uses nothing that Citus lacks', async () => {
  const { committers } = await crowdedBank();
  const sent = vi.spyOn(Client.prototype, 'query');
  await crowd(committers, 600);
  const statements = new Set(sent.mock.calls.map(([query]) => textOf(query)));
  const onBooks = [...statements].filter((text) => TABLE.test(text));
  // One for each kind of row, read and written, and what joins them.
  expect(onBooks.length).toBeGreaterThan(15);
  expect(onBooks.flatMap((text) => problemsOf(text).map((problem) => `${problem}: ${text}`))).toEqual([]);
});

test.each([
  ['no branch', 'select * from accounts where serial = $1'],
  ['no branch', 'update branches set position = $1 where position = $2'],
  ['no branch', 'insert into seals (last_position, branch_id) values ($1, $2)'],
  [
    'no branch',
    'select e.* from entries e join seals s on s.last_position = e.position where e.branch_id = $1',
  ],
  ['locks several branches', 'select * from branches where branch_id = any($1) for update'],
  ['what Citus lacks', 'select pg_advisory_xact_lock(1), * from branches where branch_id = $1'],
])('the check finds %s', (problem, text) => {
  expect(problemsOf(text).join()).toContain(problem);
});

const TABLE = new RegExp(`\\b(${BOOK_TABLES.join('|')})\\b`);

/** Everything that is wrong with a statement. */
function problemsOf(text: string): string[] {
  const problems = usesOf(text)
    .filter((use) => !isNamed(text, use))
    .map(({ table }) => `no branch for ${table}`);
  if (/for (no key )?update/.test(text) && !/branch_id = \$\d+/.test(text))
    problems.push('locks several branches');
  if (/advisory|nextval|\bnotify\b|\blisten\b/i.test(text)) problems.push('what Citus lacks');
  return problems;
}

interface Use {
  readonly verb: string;
  readonly table: string;
  /** The name that the table has here. */
  readonly alias: string;
  /** The statement from here to the next use of a table. */
  readonly rest: string;
}

/** Each place where a statement uses a table. */
function usesOf(text: string): Use[] {
  const use = new RegExp(
    `\\b(from|join|update|insert into)\\s+(${BOOK_TABLES.join('|')})\\b(?:\\s+(?:as\\s+)?(\\w+))?`,
    'gi',
  );
  const found = [...text.matchAll(use)];
  return found.map(({ 1: verb = '', 2: table = '', 3: name = '', index }, nth) => ({
    verb: verb.toLowerCase(),
    table,
    alias: name === '' || KEYWORDS.has(name) ? table : name,
    rest: text.slice(index, found[nth + 1]?.index),
  }));
}

const KEYWORDS = new Set(['where', 'set', 'join', 'left', 'order', 'select', 'for', 'on', 'cross', 'limit']);

/** Rows are inserted with their branch first; others are looked for by it. */
function isNamed(text: string, { verb, table, alias, rest }: Use): boolean {
  if (verb === 'insert into')
    return new RegExp(`insert into ${table}\\s*\\(\\s*branch_id\\b`, 'i').test(rest);
  const byItself = /\b(where|and)\s+branch_id = (\$\d+|any\(\$\d+)/.test(rest);
  return byItself || new RegExp(`\\b${alias}\\.branch_id\\s*=|=\\s*${alias}\\.branch_id\\b`).test(text);
}

function textOf(query: unknown): string {
  const text = typeof query === 'string' ? query : (query as { text: string }).text;
  return text.replaceAll(/\s+/g, ' ').trim();
}

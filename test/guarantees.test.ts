import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { guarantees } from '../scripts/guarantees.js';
import { guaranteesPage, namedTests } from '../scripts/guarantees-page.js';

describe('docs/guarantees.md', async () => {
  const tests = await namedTests();
  const rules = guarantees.map(({ rule }) => rule);

  it('has the thirteen rules, and no test names another', () => {
    expect(rules).toEqual(Array.from({ length: 13 }, (_, index) => `R${index + 1}`));
    expect(new Set(tests.map(({ rule }) => rule))).toEqual(new Set(rules));
  });

  it.each(guarantees)('says which tests guard $rule, and these exist and name it', ({ rule, guards }) => {
    expect(guards).not.toEqual([]);
    for (const guard of guards) expect(tests).toContainEqual({ rule, ...guard });
  });

  it('lists the tests that name a rule, all of them and no others: run `npm run generate`', async () => {
    const page = await readFile(new URL('../docs/guarantees.md', import.meta.url), 'utf8');
    expect(page).toBe(guaranteesPage(tests));
  });
});

/** That the commands of docs/operations.md and of the README are there, with the flags that they are written with. */
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { endAll, runToEnd } from '../bin.fixture.js';

const pages = ['../../../../docs/operations.md', '../../README.md'];

afterEach(endAll);

test('the commands that the pages tell are there, with their flags', async () => {
  const texts = await Promise.all(pages.map((page) => readFile(new URL(page, import.meta.url), 'utf8')));
  const commands = texts.flatMap((text) => [...text.matchAll(/giro-server((?: +[\w./:@<>-]+)+)/g)]);
  const flags = new Map<string, Set<string>>();
  for (const [, words = ''] of commands) {
    const [name = ''] = /^ +(migrate|verify|move)\b/.exec(words)?.slice(1) ?? [];
    const known = flags.get(name) ?? new Set();
    for (const [flag] of words.matchAll(/--[\w-]+/g)) known.add(flag);
    flags.set(name, known);
  }
  expect([...flags.keys()].sort()).toEqual(['', 'migrate', 'move', 'verify']);
  expect(flags.get('move')).toEqual(new Set(['--from', '--to']));
  for (const [name, written] of flags) {
    const { code, stdout } = await runToEnd([...(name === '' ? [] : [name]), '--help']);
    expect(code).toBe(0);
    for (const flag of written)
      expect(stdout, `giro-server ${name}`).toMatch(new RegExp(`^ +${flag}\\b`, 'm'));
  }
});

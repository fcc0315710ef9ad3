import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

/** A row of the table: its number, and the tests that it links to. */
interface Trap {
  readonly number: number;
  readonly guards: readonly { readonly title: string; readonly file: string }[];
}

describe('docs/commit-path.md', async () => {
  const page = await readFile(new URL('../docs/commit-path.md', import.meta.url), 'utf8');
  const traps = page.split('\n').flatMap(trapIn);

  it('has all nineteen traps', () => {
    expect(traps.map(({ number }) => number)).toEqual(Array.from({ length: 19 }, (_, index) => index + 1));
  });

  it.each(traps)('names tests for trap $number that exist', async ({ guards }) => {
    expect(guards).not.toEqual([]);
    for (const { title, file } of guards) {
      expect(await readFile(new URL(`../${file}`, import.meta.url), 'utf8')).toContain(title);
    }
  });
});

function trapIn(line: string): Trap[] {
  const [, number] = /^\| (\d+)\. /.exec(line) ?? [];
  if (number === undefined) return [];
  const links = line.matchAll(/\[([^\]]+)\]\(\.\.\/(packages\/[^)]+\.test\.ts)\)/g);
  return [
    { number: Number(number), guards: Array.from(links, ([, title = '', file = '']) => ({ title, file })) },
  ];
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './build.js';
import { guarantees, type Guarantee } from './guarantees.js';

/** A test that names a rule in its title, or in the message of a check. */
export interface NamedTest {
  readonly rule: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly title: string;
}

/** docs/guarantees.md, written out from {@link guarantees} and the tests themselves. */
export function guaranteesPage(tests: readonly NamedTest[]): string {
  return `# What the ledger promises

<!-- Written by \`npm run generate\` from scripts/guarantees.ts and the tests. Do not edit. -->

Thirteen rules, each with the test that would fail first if it were broken. Every test that names a rule is listed below
the table; a test checks that this page and the tests agree both ways.

| rule | promise | guarded by |
|---|---|---|
${guarantees.map(row).join('\n')}

${guarantees.map(({ rule, name }) => section(rule, name, tests)).join('\n')}`;
}

/** The tests in the repository that name a rule. */
export async function namedTests(): Promise<NamedTest[]> {
  const found: NamedTest[] = [];
  for (const file of await testFiles()) {
    const source = await readFile(join(root, file), 'utf8');
    for (const [, quote, title] of source.matchAll(TITLE)) {
      if (quote === undefined || title === undefined) continue;
      for (const rule of rulesIn(title)) found.push({ rule, file, title: title.replaceAll(/\s+/g, ' ') });
    }
  }
  return found.sort((a, b) => compare(a.file, b.file) || compare(a.title, b.title));
}

/** Tests and their fixtures, from the root of the repository. */
async function testFiles(): Promise<string[]> {
  const places = ['packages/sdk/src', 'packages/server/src', 'packages/api/src', 'test'];
  const files = await Promise.all(
    places.map(async (place) => {
      const paths = await readdir(join(root, place), { recursive: true });
      return paths.map((path) => `${place}/${path.replaceAll('\\', '/')}`);
    }),
  );
  return files.flat().filter((file) => /\.(test|fixture)\.ts$/.test(file) && !file.includes('node_modules'));
}

/** A text in quotes on one line, which names a rule. */
const TITLE = /(['"`])((?:(?!\1)[^\n\\]|\\.)*\bR(?:1[0-9]|[1-9])\b(?:(?!\1)[^\n\\]|\\.)*)\1/g;

/** The rules that a title names, one by one or as a range. */
function rulesIn(title: string): Set<string> {
  const rules = Array.from(title.matchAll(RULES), ([, first, last = first]) => {
    const length = Number(last) - Number(first) + 1;
    return Array.from({ length }, (_, index) => `R${Number(first) + index}`);
  });
  return new Set(rules.flat());
}

const RULES = /\bR(1[0-9]|[1-9])\b(?: to R(1[0-9]|[1-9])\b)?/g;

function row({ rule, promise, guards }: Guarantee): string {
  const links = guards.map(({ file, title }) => `[${title}](../${file})`);
  return `| ${rule} | ${promise} | ${links.join('; ')} |`;
}

function section(rule: string, name: string, tests: readonly NamedTest[]): string {
  const byFile = new Map<string, string[]>();
  for (const test of tests) {
    if (test.rule === rule) byFile.set(test.file, [...(byFile.get(test.file) ?? []), test.title]);
  }
  const files = Array.from(byFile, ([file, titles]) => {
    const lines = [...new Set(titles)].map((title) => `  - ${title}`);
    return `- [${file}](../${file})\n${lines.join('\n')}`;
  });
  return `## ${rule} ${name}\n\n${files.join('\n')}\n`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

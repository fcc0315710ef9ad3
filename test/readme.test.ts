import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { compileSnippets, runSnippet } from './support/run-snippet.js';
import { snippetsOf } from './support/snippets.js';
import { startTestBank } from './support/test-bank.js';

describe('README.md', async () => {
  const snippets = await snippetsOf('README.md');

  it('has lines for the SDK that compile and run', async () => {
    const sources = snippets.filter(({ language }) => language === 'ts').map(({ code }) => code);
    expect(sources).toHaveLength(1);
    await compileSnippets(sources);
    await using testBank = await startTestBank(3);
    const printing = `${sources[0]}\nconsole.log(receipt.balance.amount);`;
    expect(await runSnippet(printing, testBank.servers)).toBe('7500n\n');
  });

  it('has curl lines that answer what they say', async () => {
    await using testBank = await startTestBank();
    const lines = snippets.flatMap(({ code }) => code.split('\n'));
    const calls = lines.flatMap((line, index) => {
      const [, path, body] = /^curl -X POST http:\/\/localhost:5002(\S+) .* -d '(.*)'$/.exec(line) ?? [];
      return path === undefined || body === undefined
        ? []
        : [{ path, body, answer: lines[index + 1]?.slice(2) }];
    });
    expect(calls).toHaveLength(4);
    for (const { path, body, answer } of calls) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(testBank.apiUrl + path, { method: 'POST', headers, body });
      expect(await response.text()).toBe(answer);
    }
  });

  it('names commands that exist', async () => {
    const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
    const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
    const text = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const named = Array.from(text.matchAll(/npm run ([\w:]+)/g), ([, script]) => script);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...named, 'start', 'test']));
  });
});

describe('packages/sdk/README.md', async () => {
  const sources = (await snippetsOf('packages/sdk/README.md'))
    .filter(({ language }) => language === 'ts')
    .map(({ code }) => code);

  it('has snippets that compile', async () => {
    expect(sources.length).toBeGreaterThan(1);
    await compileSnippets(sources);
  });

  it('has a first snippet that runs', async () => {
    await using testBank = await startTestBank(3);
    const printed = await runSnippet(sources[0] ?? '', testBank.servers);
    expect(printed).toMatch(/^alice has 75\.00 after [-\da-f]{36}\n\d+n 100\.00\n\d+n 75\.00\n$/);
  });
});

describe('packages/server/README.md', async () => {
  const sources = (await snippetsOf('packages/server/README.md'))
    .filter(({ language }) => language === 'ts')
    .map(({ code }) => code);

  it('has snippets that compile', async () => {
    expect(sources).toHaveLength(2);
    await compileSnippets(sources);
  });

  it('has one of a test, which runs without a database, and ends by itself', async () => {
    const printed = await runSnippet(sources[1] ?? '', []);
    expect(printed).toBe('replayed: true\nreplayed: true\nexpired: true\n');
  });
});

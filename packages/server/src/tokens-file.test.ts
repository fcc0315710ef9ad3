import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openTokensFile } from './tokens-file.js';

const log = pino({ level: 'silent' });

async function fileOf(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'giro-tokens-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'tokens');
  await writeFile(path, text);
  return path;
}

test('has a token in each line that is neither empty nor a comment', async () => {
  const path = await fileOf('# the API\n0123456789abcdef\n\n  fedcba9876543210==  \r\n');
  const file = openTokensFile(path, log);
  expect(file.known()).toEqual(['0123456789abcdef', 'fedcba9876543210==']);
  file.close();
});

test.each([
  ['', 'has 0 tokens'],
  ['# none\n', 'has 0 tokens'],
  ['short\n', 'token 1 in'],
  ['0123456789abcdef\n0123456789 bcdef\n', 'token 2 in'],
  ['0123456789abcdef\n'.repeat(65), 'has 65 tokens'],
])('%o is refused', async (text, problem) => {
  const path = await fileOf(text);
  expect(() => openTokensFile(path, log)).toThrow(problem);
  expect(() => openTokensFile(path, log)).not.toThrow(/0123456789 bcdef|short/);
});

test('that is not there is refused', () => {
  expect(() => openTokensFile('/nowhere/tokens', log)).toThrow('the tokens file cannot be read: ENOENT');
});

test('is read again when it changes; what cannot be used changes nothing', { timeout: 30_000 }, async () => {
  const path = await fileOf('0123456789abcdef\n');
  const said = { info: vi.fn(), error: vi.fn() };
  const file = openTokensFile(path, Object.assign(pino({ level: 'silent' }), said));
  onTestFinished(() => {
    file.close();
  });
  await writeFile(path, 'none\n');
  await vi.waitUntil(() => said.error.mock.calls.length > 0, { timeout: 12_000 });
  expect(file.known()).toEqual(['0123456789abcdef']);
  await writeFile(path, 'a-second-token-there\n');
  await vi.waitUntil(() => said.info.mock.calls.length > 0, { timeout: 12_000 });
  expect(file.known()).toEqual(['a-second-token-there']);
});

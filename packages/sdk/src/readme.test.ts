import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as sdk from './index.js';

const packageDir = fileURLToPath(new URL('..', import.meta.url));
const readme = await readFile(`${packageDir}README.md`, 'utf8');

test('the snippets of the README compile against the built package', () => {
  const snippets = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  expect(snippets.length).toBeGreaterThan(3);
  const wrong = `import { Bank } from '@giro/sdk'; new Bank({ server: 'localhost:5001' });`;
  const problems = compile([...snippets, wrong]);
  expect(problems).toEqual([
    expect.stringMatching(`snippet-${snippets.length}.mts:1 .*'server' does not exist`),
  ]);
});

test('the README names every error class', () => {
  const classes = Object.keys(sdk).filter((name) => name.endsWith('Error'));
  expect(classes.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

/** What the compiler has to say to each, as a file in an app that has the package installed. */
function compile(snippets: readonly string[]): string[] {
  const files = new Map(snippets.map((code, i) => [`${packageDir}snippet-${i}.mts`, code]));
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
  };
  const real = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...real,
    fileExists: (path) => files.has(path) || real.fileExists(path),
    readFile: (path) => files.get(path) ?? real.readFile(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const code = files.get(path);
      return code === undefined
        ? real.getSourceFile(path, languageVersion, ...rest)
        : ts.createSourceFile(path, code, languageVersion);
    },
    getCurrentDirectory: () => packageDir,
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file, start = 0 }) => {
    const place = file && `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}`;
    return `${place ?? ''} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

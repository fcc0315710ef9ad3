import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installApp, type PublishedApp, type RunningProgram } from './support/published-app.js';
import { startRegistry } from './support/registry.js';

const { devDependencies, version } = await manifests();

/** What an app does with the SDK, however it came by it. */
const moveMoney = `
  const bank = new Bank({ servers: process.env['GIRO_SERVERS'] ?? '' });
  const branch = Number(process.env['BRANCH']);
  await bank.branches.initialize({ id: branch, initialBalance: money('1000.00', 'USD') });
  const alice = await bank.accounts.open({ branch, customer: 'alice', currency: 'USD' });
  const bob = await bank.accounts.open({ branch, customer: 'bob', currency: 'USD' });
  await bank.deposit({ to: alice.id, amount: money('100.00', 'USD') });
  const receipt = await bank.transfer({ from: alice.id, to: bob.id, amount: money('25.00', 'USD') });
  try {
    await bank.withdraw({ from: bob.id, amount: money('99.00', 'USD') });
  } catch (error) {
    if (!(error instanceof InsufficientFundsError)) throw error;
    console.log(toDecimal(receipt.balance), toDecimal(error.available));
  }
  for await (const line of bank.accounts.statement(bob.id)) console.log(line.position > 0n);
  await bank.close();
`;
const names = '{ Bank, InsufficientFundsError, money, toDecimal }';
const MOVED = '75.00 25.00\ntrue\n';

const imported = `import ${names} from '@giro/sdk';\n${moveMoney}`;
const inFunction = `async function main() {${moveMoney}}\nvoid main();\n`;
/** As `imported`, but ended by its block. */
const disposed = imported.replace('const bank', 'await using bank').replace('await bank.close();', '');

const importedByCommonJs = `import ${names} from '@giro/sdk';\n${inFunction}`;
/** Does not compile unless `money` has its types. */
const refused = `
  // @ts-expect-error: floats lose money
  export const wrong = (): unknown => money(5, 'USD');
`;

/** The strictest that TypeScript of all supported versions has, and no declaration goes unread. */
const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  isolatedModules: true,
  skipLibCheck: false,
  target: 'es2022',
  lib: ['es2022'],
  types: ['node'],
};
const esm = { ...strict, verbatimModuleSyntax: true };
const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };
const bundler = { module: 'esnext', moduleResolution: 'bundler' };

function project(folder: string, type: 'module' | 'commonjs', compilerOptions: object, source: string) {
  return {
    [`${folder}/package.json`]: JSON.stringify({ type }),
    [`${folder}/tsconfig.json`]: JSON.stringify({ compilerOptions, files: ['app.ts'] }),
    [`${folder}/app.ts`]: source,
  };
}

describe('the packages, published and installed in an app', () => {
  let registry: Awaited<ReturnType<typeof startRegistry>>;
  let app: PublishedApp;
  let server: RunningProgram;

  beforeAll(async () => {
    registry = await startRegistry();
    await Promise.all(['sdk', 'server', 'api'].map((name) => registry.publish(name)));
    app = await installApp(registry.npmrc, {
      '@giro/sdk': version,
      '@giro/server': version,
      '@giro/api': version,
      '@types/node': devDependencies['@types/node'] ?? '',
      typescript: devDependencies['typescript'] ?? '',
      'typescript-5.2': 'npm:typescript@5.2.2',
    });
    server = await app.start('giro-server', '--port', '0', '--data-dir', 'books');
  });

  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const env = (branch: number) => ({ GIRO_SERVERS: `127.0.0.1:${server.port}`, BRANCH: String(branch) });

  it('move money from plain JavaScript', async () => {
    await app.write({
      'app.mjs': imported,
      'app.cjs': `const ${names} = require('@giro/sdk');\n${inFunction}`,
    });
    expect(await app.run('app.mjs', env(1))).toBe(MOVED);
    expect(await app.run('app.cjs', env(2))).toBe(MOVED);
  });

  it.each([
    ['esm-nodenext', 'module', { ...esm, ...nodenext }, disposed, 'typescript', 3],
    ['cjs-nodenext', 'commonjs', { ...strict, ...nodenext }, importedByCommonJs, 'typescript', 4],
    ['esm-bundler', 'module', { ...esm, ...bundler }, imported, 'typescript', 5],
    ['oldest-typescript', 'module', { ...esm, ...nodenext }, disposed, 'typescript-5.2', 6],
  ] as const)(
    'move money from strict TypeScript: %s',
    async (folder, type, options, source, compiler, branch) => {
      await app.write(project(folder, type, options, source + refused));
      await app.compile(folder, compiler);
      expect(await app.run(`${folder}/app.js`, env(branch))).toBe(MOVED);
    },
  );

  it('embed a server and the API in a program of one’s own', async () => {
    const source = `
      import { startApi } from '@giro/api';
      import { startServer } from '@giro/server';
      import { startEmbeddedPostgres } from '@giro/server/embedded';
      import pino from 'pino';
      const postgres = await startEmbeddedPostgres({ dataDir: 'other-books' });
      const server = await startServer({ databaseUrl: postgres.url, log: pino({ level: 'silent' }), port: 0 });
      const api = await startApi({ servers: \`127.0.0.1:\${server.port}\`, port: 0 });
      const answer = await fetch(\`http://127.0.0.1:\${api.port}/initialize_branch\`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ branch_id: 1, initial_balance: 1000 }),
      });
      console.log(await answer.text());
      await api.close();
      await server.close();
      await postgres.stop();
    `;
    await app.write(project('embedding', 'module', { ...esm, ...nodenext }, source));
    await app.compile('embedding');
    expect(await app.run('embedding/app.js')).toBe('{"result":"Branch initialized successfully"}\n');
  });

  it('let CommonJS require the server and the API, though they are ESM', async () => {
    const source = `for (const name of ['@giro/server', '@giro/server/embedded', '@giro/api'])
      console.log(Object.keys(require(name)).filter((key) => key.startsWith('start')).join());`;
    await app.write({ 'require.cjs': source });
    expect(await app.run('require.cjs')).toBe('startServer\nstartEmbeddedPostgres\nstartApi\n');
  });

  it('run giro-api, and stop in order', async () => {
    const api = await app.start('giro-api', '--port', '0', '--servers', `127.0.0.1:${server.port}`);
    expect((await fetch(`http://127.0.0.1:${api.port}/readyz`)).status).toBe(200);
    expect(await api.stop()).toBe(0);
    expect(await server.stop()).toBe(0);
  });
});

async function manifests() {
  const read = async (path: string) =>
    JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8')) as unknown;
  const { devDependencies } = (await read('../package.json')) as { devDependencies: Record<string, string> };
  const { version } = (await read('../packages/sdk/package.json')) as { version: string };
  return { devDependencies, version };
}

/** Runs what depends on the version of Node.js under each that is supported, the oldest included. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.js';

const folder = join(root, 'test/node-versions');

/** The built packages imported and required, a bank of several servers, lost connections, streams, timers, snippets. */
const TESTS = [
  'packages/sdk/src/package.test.ts',
  'packages/sdk/src/client/failover.test.ts',
  'packages/sdk/src/client/retries.test.ts',
  'packages/sdk/src/client/watch-resumption.test.ts',
  'packages/server/src/bin.test.ts',
  'packages/server/src/testing/test-server.test.ts',
  'test/concurrent-transfers.test.ts',
  'test/readme.test.ts',
];

const install = spawnSync('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], {
  cwd: folder,
  stdio: 'inherit',
});
if (install.status !== 0) process.exit(1);

const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
for (const name of Object.keys(dependencies)) {
  const node = join(folder, 'node_modules', name, 'bin/node');
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  console.log(`\nNode.js ${stdout.trim()}`);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(node, [vitest, 'run', ...TESTS], { cwd: root, stdio: 'inherit' });
  if (status === 0) continue;
  console.error(`Not with Node.js ${stdout.trim()}.`);
  process.exitCode = 1;
}

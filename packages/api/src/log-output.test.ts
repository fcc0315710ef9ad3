import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';

const MODULE = JSON.stringify(new URL('log-output.ts', import.meta.url).href);
const PINO = JSON.stringify(import.meta.resolve('pino'));

test.each([
  ['ends by itself', '', 0],
  ['is told to end', 'process.exit(3);', 3],
  ['fails', 'throw new Error("on purpose");', 1],
])('nothing is lost when the process %s', async (_, end, exitCode) => {
  const child = run(`for (let i = 0; i < 1000; i += 1) logger.info({ i }); ${end}`);
  const [exit, output] = await Promise.all([once(child, 'exit'), text(child.stdout)]);
  expect(exit).toEqual([exitCode, null]);
  const lines = output.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { i: number }).i)).toEqual(Array.from(Array(1000).keys()));
});

test('a lone line is written while the process goes on', async () => {
  const child = run('logger.info("alone"); setInterval(() => {}, 1_000);');
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  expect(chunk.toString()).toContain('"msg":"alone"');
});

function run(code: string) {
  const program = `import { pino } from ${PINO}; import { logOutput } from ${MODULE};
    const logger = pino(logOutput()); ${code}`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds all packages; what has not changed is taken from turbo's cache. Ends the process if the build fails. */
export async function build(): Promise<void> {
  console.log('Building (half a minute the first time) …');
  const turbo = spawn('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const [code] = (await once(turbo, 'exit')) as [number | null];
  if (code !== 0) process.exit(code ?? 1);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { storeEnvironment } from './store.js';

/** The longest any one command may take: the build of an image, with its downloads. */
const commandMsMax = 600_000;

export interface RunOptions {
  /** What to write to its standard input. */
  readonly input?: string;
  readonly cwd?: string;
}

/**
 * Runs podman in the tests' own store.
 *
 * @returns what it printed, without the last line's end
 * @throws Error with everything it printed
 */
export function podman(args: readonly string[], options?: RunOptions): Promise<string> {
  return run('podman', args, options);
}

/** Runs a program in the tests' own store, as {@link podman} does. */
export async function run(
  program: string,
  args: readonly string[],
  { input = '', cwd }: RunOptions = {},
): Promise<string> {
  const child = spawn(program, args, { env: storeEnvironment, cwd, timeout: commandMsMax });
  const ended = once(child, 'close') as Promise<[number | null]>;
  // A program that ends without reading its input tells why by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code === 0) return stdout.trimEnd();
  throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}:\n${stdout}${stderr}`);
}

/** The program itself, as it was built last, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

/** How long a program may take to say that it is ready, or to end. */
const TIMEOUT_MS = 20_000;

export interface Run {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

const running = new Set<ChildProcess>();

/** Starts `giro-server` with nothing of this process's own settings. */
export function runServer(args: readonly string[], env: Record<string, string> = {}): Run {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(GIRO_|DATABASE_URL$|PG)/.test(name));
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  const ended = once(child, 'exit').then(([code, signal]) => {
    running.delete(child);
    return (code ?? signal) as number | NodeJS.Signals;
  });
  return { child, stdout: collected(child.stdout), stderr: collected(child.stderr), ended };
}

/** Waits until the server takes calls, and tells on which port. */
export async function ready({ child, ended, stderr }: Run): Promise<number> {
  const message = once(child, 'message', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const endedFirst = ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${stderr()}`)));
  const [said] = (await Promise.race([message, endedFirst])) as [{ port: number }];
  return said.port;
}

/** Runs to the end and tells the exit code and what was written. */
export async function runToEnd(args: readonly string[], env: Record<string, string> = {}) {
  const run = runServer(args, env);
  const code = await run.ended;
  return { code, stdout: run.stdout(), stderr: run.stderr() };
}

/** Ends what a failed test has left running. */
export async function endAll(): Promise<void> {
  for (const child of running) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

function collected(stream: ChildProcess['stdout']): () => string {
  let text = '';
  if (stream !== null) createInterface(stream).on('line', (line) => (text += `${line}\n`));
  return () => text;
}

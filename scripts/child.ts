import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

/** How long a part of the bank may take to start: migrations included. */
const START_TIMEOUT_MS = 60_000;

/** How long a part may take to stop before it is killed: its own drain is bounded by less. */
const STOP_TIMEOUT_MS = 20_000;

/** A part of the bank, running in a process of its own. */
export interface Child {
  /** Resolves once the program says that it is ready; rejects with its last words if it ends first. */
  readonly ready: Promise<void>;
  /** Resolves with a sentence when the process has ended, for whatever reason. */
  readonly ended: Promise<string>;
  /** Asks the process to stop, and waits until it has. */
  stop(): Promise<void>;
}

/** What to run. */
export interface ChildOptions {
  readonly name: string;
  /** A JavaScript file that announces `{ ready: true }` on its IPC channel. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the program logs is appended here. */
  readonly logFile: string;
  /** Gives up waiting for readiness. */
  readonly signal: AbortSignal;
}

/**
 * Starts a program. It is no part of this terminal's process group, so that Ctrl-C reaches the launcher alone, which
 * stops its parts in order; should the launcher be killed, the closed channel tells its parts to stop.
 */
export function startChild({ name, program, env, logFile, signal }: ChildOptions): Child {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [program], {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, 'pipe', 'ipc'],
  });
  closeSync(log);
  const lastWords = collect(child);
  const ended = once(child, 'exit').then(
    ([code, killedBy]) =>
      lastWords() || `${name} ended with ${String(killedBy ?? code)}; its log is ${logFile}`,
  );
  return { ready: untilReady(child, ended, signal), ended, stop: () => stopChild(child, ended) };
}

async function untilReady(child: ChildProcess, ended: Promise<string>, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]);
  const endedFirst = ended.then((words) => Promise.reject(new Error(words)));
  await Promise.race([once(child, 'message', { signal: deadline }), endedFirst]);
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4_000);
  });
  return () => text.trim();
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}

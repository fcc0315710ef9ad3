import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** How long a part may take to start. */
const START_TIMEOUT_MS = 60_000;

/** How long a part may take to stop before it is killed: the server's own drain is bounded by less. */
const STOP_TIMEOUT_MS = 20_000;

/** A program in a process of its own. */
export interface Child {
  readonly pid: number;
  /** Where it listens, if it does. */
  readonly port: number;
  /** Sends a message, and resolves with what is answered. @throws what is said to have failed, and if it ends first */
  ask(message: object): Promise<unknown>;
  /** Asks the process to stop, and waits until it has. */
  stop(): Promise<void>;
}

/** What a child says when it has done what it was asked. */
export type Answer = { readonly result: unknown } | { readonly failure: string };

/** What to run. */
export interface ChildOptions {
  readonly name: string;
  /** A TypeScript or JavaScript file that announces `{ ready: true }` on its IPC channel. */
  readonly program: string;
  /** A module to load before it. */
  readonly preload?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it writes goes here; without it to the terminal. */
  readonly logFile?: string;
  readonly signal: AbortSignal;
}

/**
 * Starts a program and waits until it is ready. It is no part of this terminal's process group: Ctrl-C reaches the
 * parent alone, which stops its parts. Should the parent be killed, the closed channel tells them to stop.
 */
export async function startChild({
  name,
  program,
  preload,
  env,
  logFile,
  signal,
}: ChildOptions): Promise<Child> {
  signal.throwIfAborted();
  const log = logFile === undefined ? undefined : openSync(logFile, 'a');
  const loaded = [...(program.endsWith('.ts') ? ['tsx'] : []), ...(preload === undefined ? [] : [preload])];
  const child = spawn(process.execPath, [...loaded.flatMap((module) => ['--import', module]), program], {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', log ?? process.stderr, log ?? process.stderr, 'ipc'],
  });
  if (log !== undefined) closeSync(log);
  const ended = once(child, 'exit').then(([code, killedBy]) => {
    const words = logFile === undefined ? '' : `; its last words:\n${lastWords(logFile)}`;
    return Promise.reject(new Error(`${name} ended with ${String(killedBy ?? code)}${words}`));
  });
  ended.catch(() => undefined);
  const stop = () => stopChild(child, ended);
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]);
    const [ready] = (await Promise.race([once(child, 'message', { signal: deadline }), ended])) as [
      { port?: number },
    ];
    const ask = async (message: object) => {
      signal.throwIfAborted();
      child.send(message);
      const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Answer];
      if ('failure' in answer) throw new Error(`${name}: ${answer.failure}`);
      return answer.result;
    };
    return { pid: child.pid ?? 0, port: ready.port ?? 0, ask, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Logs go when everything stops, so an error has to quote them. */
const LAST_WORDS_CHARACTERS = 2_000;

function lastWords(logFile: string): string {
  return readFileSync(logFile, 'utf8').slice(-LAST_WORDS_CHARACTERS).trim();
}

async function stopChild(child: ChildProcess, ended: Promise<never>): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill('SIGTERM');
  await ended.catch(() => undefined);
  clearTimeout(timer);
}

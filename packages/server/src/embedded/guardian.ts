/**
 * The guardian: a process of its own that runs PostgreSQL and stops it when its channel to the owner closes, which the
 * kernel sees to when the owner ends, even by `kill -9`. Its parameters are one argument of JSON.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, fstatSync, ftruncateSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { proveLife, type ProofOfLife } from './proof-of-life.js';
import { shutDown } from './shutdown.js';

/** What the owner tells its guardian. */
export interface GuardianConfig {
  readonly postgres: string;
  readonly pgCtl: string;
  readonly args: readonly string[];
  /** Run PostgreSQL as this user; the guardian itself stays the owner's user. */
  readonly identity: { uid?: number; gid?: number };
  /** PostgreSQL's own files; the place to give proof of life. */
  readonly clusterDir: string;
  /** Standard error is this file. */
  readonly logFile: string;
  /** Removed once PostgreSQL is gone. */
  readonly socketDir: string;
}

const logBytesMax = 32 * 1024 * 1024;
const logCheckIntervalMs = 60_000;
/** The shell's exit code for a program that cannot be run, and its base for one that a signal ended. */
const cannotRunCode = 127;
const signalledCode = 128;

const config = JSON.parse(process.argv[2] ?? '') as GuardianConfig;
process.title = 'giro: guardian of PostgreSQL';

// Whoever ends the owner's whole group still gets PostgreSQL stopped in order, when the owner is gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

// The owner says when to run, so that no PostgreSQL is ever started without a proof that its next owner can find.
let stop = (): void => void finish(0);
let proof: ProofOfLife | undefined;
process.once('disconnect', () => {
  stop();
});
process.once('message', runPostgres);
if (process.platform !== 'win32') proof = await proveLife(config.clusterDir, 'guardian');
if (process.connected) process.send?.('ready');
else stop();

function runPostgres(): void {
  const postgres = spawn(config.postgres, config.args, {
    cwd: '/',
    stdio: ['ignore', 'inherit', 'inherit'],
    windowsHide: true,
    ...config.identity,
  });
  const exited = new Promise<true>((resolve) => {
    postgres.once('error', (error) => {
      process.stderr.write(`FATAL:  ${error.message}\n`);
      void finish(cannotRunCode);
    });
    postgres.once('exit', (code) => {
      resolve(true);
      void finish(code ?? signalledCode);
    });
  });
  stop = () => {
    if (postgres.pid === undefined) return;
    void shutDown(postgres.pid, config.pgCtl, (waitMs) => Promise.race([exited, sleep(waitMs, false)]));
  };
  setInterval(boundLog, logCheckIntervalMs).unref();
}

async function finish(code: number): Promise<void> {
  boundLog();
  rmSync(config.socketDir, { recursive: true, force: true });
  await proof?.end();
  process.exit(code);
}

/** Keeps the log and one older part of it; both processes append to the same open file, so it is emptied in place. */
function boundLog(): void {
  try {
    if (fstatSync(process.stderr.fd).size <= logBytesMax) return;
    copyFileSync(config.logFile, `${config.logFile}.1`);
    ftruncateSync(process.stderr.fd);
  } catch {
    // A full disk: PostgreSQL has more to say about it than its log's keeper.
  }
}

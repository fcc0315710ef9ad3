import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EmbeddedPostgresError } from './error.js';
import type { GuardianConfig } from './guardian.js';
import { shutdownMsMax } from './shutdown.js';
import { toolEnvironment } from './tool-environment.js';

/** A running guardian, seen from the owner. */
export interface GuardianProcess {
  /** Resolves when it is gone: with PostgreSQL's exit code, or the signal that ended the guardian itself. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Has it stop PostgreSQL, and waits for it to be gone; a guardian that does not answer is killed. */
  stop(): Promise<void>;
}

/** Time for the guardian itself, on top of what PostgreSQL may take. */
const graceMs = 2_000;

/** Starts a guardian, and through it PostgreSQL. It leads a process group of its own, which Ctrl-C does not reach. */
export async function startGuardian(config: GuardianConfig, signal: AbortSignal): Promise<GuardianProcess> {
  const log = await open(config.logFile, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [...guardianProgram(), JSON.stringify(config)], {
      cwd: '/',
      detached: true,
      env: toolEnvironment(),
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      windowsHide: true,
    });
    const exited = new Promise<number | NodeJS.Signals>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(code ?? signal ?? 0);
      });
    });
    const leave = () => {
      if (child.connected) child.disconnect();
    };
    try {
      await Promise.race([once(child, 'message', { signal }), exited]);
    } catch (error) {
      leave();
      throw error;
    }
    if (child.connected) child.send('run', () => undefined);
    return {
      exited,
      stop: async () => {
        leave();
        const inTime = await Promise.race([
          exited,
          sleep(shutdownMsMax + graceMs, 'late' as const, { ref: false }),
        ]);
        if (inTime === 'late') child.kill('SIGKILL');
        await exited;
      },
    };
  } finally {
    await log.close();
  }
}

/** The guardian lies beside this file: built as an entry of its own, or as a source that tsx runs. */
function guardianProgram(): string[] {
  const built = fileURLToPath(new URL('./guardian.js', import.meta.url));
  if (existsSync(built)) return [built];
  const source = fileURLToPath(new URL('./guardian.ts', import.meta.url));
  if (existsSync(source)) {
    const tsx = createRequire(import.meta.url).resolve('tsx');
    return ['--import', pathToFileURL(tsx).href, source];
  }
  throw new EmbeddedPostgresError(
    'start-failed',
    `The file ${built} is missing; install @giro/server again.`,
  );
}

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const INSTALL_TIMEOUT_MS = 90_000;
const RUN_TIMEOUT_MS = 30_000;

/** An app outside the workspace, with its dependencies from a registry. */
export interface PublishedApp extends AsyncDisposable {
  /** Writes files, by their paths in the app. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Compiles a folder that has a `tsconfig.json`. @throws with the compiler's words */
  compile(folder: string, compiler?: string): Promise<void>;
  /** Runs a JavaScript file of the app. @returns what it prints */
  run(file: string, env?: Readonly<Record<string, string>>): Promise<string>;
  /** Starts a program that a dependency brings along, and waits until it is ready. */
  start(program: string, ...args: string[]): Promise<RunningProgram>;
}

/** A program that says by IPC that it is ready. */
export interface RunningProgram {
  readonly port: number;
  /** Stops it. @returns its exit code */
  stop(): Promise<number | null>;
}

/** Makes an app and installs what it depends on, the careful way: without running any package's install script. */
export async function installApp(
  npmrc: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<PublishedApp> {
  const dir = await mkdtemp(join(tmpdir(), 'giro-app-'));
  // Started by root, PostgreSQL runs as a user of its own, which has to reach the app's node_modules.
  await chmod(dir, 0o755);
  const write: PublishedApp['write'] = async (files) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
  };
  await write({ '.npmrc': npmrc, 'package.json': JSON.stringify({ private: true, dependencies }) });
  const install = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', install, { cwd: dir, timeout: INSTALL_TIMEOUT_MS });
  const children = new Set<ChildProcess>();
  return {
    write,
    compile: async (folder, compiler = 'typescript') => {
      const tsc = join(dir, 'node_modules', compiler, 'bin/tsc');
      await run(process.execPath, [tsc, '-p', folder], { cwd: dir }).catch((error: unknown) => {
        throw new Error((error as { stdout: string }).stdout, { cause: error });
      });
    },
    run: async (file, env) => {
      const options = { cwd: dir, env: { ...process.env, ...env }, timeout: RUN_TIMEOUT_MS };
      return (await run(process.execPath, [file], options)).stdout;
    },
    start: async (program, ...args) => {
      const child = spawn(process.execPath, [join('node_modules/.bin', program), ...args], {
        cwd: dir,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      children.add(child);
      return running(program, child);
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function running(program: string, child: ChildProcess): Promise<RunningProgram> {
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const endedFirst = ended.then((code) => Promise.reject(new Error(`${program} ended with ${code}`)));
  const ready = once(child, 'message', { signal: AbortSignal.timeout(RUN_TIMEOUT_MS) });
  const [{ port }] = (await Promise.race([ready, endedFirst])) as [{ port: number }];
  return {
    port,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where the docs say that the branch servers are. */
const DOCUMENTED_SERVERS = 'localhost:5001,localhost:5011,localhost:5021';

/** Compiles TypeScript snippets as a reader's strict project would. @throws with the compiler's words */
export async function compileSnippets(sources: readonly string[]): Promise<void> {
  await inWorkspace(async (dir) => {
    const files = sources.map((_, index) => join(dir, `snippet-${index}.mts`));
    await Promise.all(files.map((file, index) => writeFile(file, sources[index] ?? '')));
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext'];
    const compile = [
      'tsc',
      '--ignoreConfig',
      ...options,
      '--types',
      'node',
      '--lib',
      'es2023,esnext.disposable',
    ];
    await run('npx', [...compile, ...files], { cwd: root }).catch((error: unknown) => {
      throw new Error((error as { stdout: string }).stdout, { cause: error });
    });
  });
}

/** Runs a snippet against other servers than those it names. @returns what it prints */
export async function runSnippet(source: string, servers: readonly string[]): Promise<string> {
  return inWorkspace(async (dir) => {
    const file = join(dir, 'snippet.mts');
    await writeFile(file, source.replace(DOCUMENTED_SERVERS, servers.join(',')));
    const { stdout } = await run(process.execPath, ['--import', 'tsx', file], { cwd: root, timeout: 30_000 });
    return stdout;
  });
}

/** Runs `main.mts` among some files. @returns what it prints */
export async function runProgram(
  files: Readonly<Record<'main.mts', string>> & Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return inWorkspace(async (dir) => {
    for (const [name, source] of Object.entries(files)) await writeFile(join(dir, name), source);
    const options = { cwd: root, timeout: 30_000, env: { ...process.env, ...env } };
    const { stdout } = await run(process.execPath, ['--import', 'tsx', join(dir, 'main.mts')], options);
    return stdout;
  });
}

/** A directory inside the workspace, where `@giro/sdk` is found as in an app. */
async function inWorkspace<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const parent = join(root, 'test/node_modules/.snippets');
  await mkdir(parent, { recursive: true });
  const dir = await mkdtemp(join(parent, 'snippet-'));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

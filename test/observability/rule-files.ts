import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm run synth:observability` writes, in a directory that goes when it is disposed of. */
export interface RuleFiles extends AsyncDisposable {
  readonly directory: string;
  /** The file of alerts. */
  readonly alerts: string;
}

export async function synthesizeRules(): Promise<RuleFiles> {
  const directory = await mkdtemp(join(tmpdir(), 'giro-prometheus-'));
  await promisify(execFile)('npm', ['run', 'synth:observability', '--', directory], { cwd: root });
  return {
    directory,
    alerts: join(directory, 'giro-alerts.yaml'),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

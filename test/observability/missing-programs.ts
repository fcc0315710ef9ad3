import { spawnSync } from 'node:child_process';

/** Whether there is no Prometheus to ask. Says so, for what was skipped has not passed. */
export function isPrometheusMissing(): boolean {
  const missing = ['prometheus', 'promtool'].filter(
    (program) => spawnSync(program, ['--version']).status !== 0,
  );
  if (missing.length === 0) return false;
  process.stderr.write(
    `\nSKIPPED, NOT PASSED: ${missing.join(', ')} missing. On Debian: apt-get install --no-install-recommends prometheus\n\n`,
  );
  return true;
}

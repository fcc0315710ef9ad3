/**
 * The environment for PostgreSQL's programs and their guardian: this process's own, without what would change
 * their meaning (PGDATA, PGPORT, a locale, NODE_OPTIONS of a debugger).
 */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PG|LC_|LANG|NODE_OPTIONS$|LD_|TZ$)/.test(name),
  );
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

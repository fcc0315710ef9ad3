/** A value as it may stand in an error message: short, and without running code of the value's own. */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > SHOWN_MAX ? `'${value.slice(0, SHOWN_MAX)}…'` : `'${value}'`;
  }
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

/** Enough to recognize what was passed, in code units. */
const SHOWN_MAX = 40;

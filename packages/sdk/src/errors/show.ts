/** A value as it may stand in an error message: short, and without running code of the value's own. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > SHOWN_MAX ? `'${value.slice(0, SHOWN_MAX)}…'` : `'${value}'`;
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
}

/** Enough to recognize what was passed, in code units. */
const SHOWN_MAX = 40;

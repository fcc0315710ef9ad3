import type { z } from 'zod';
import { invalidField } from './failure.js';

/**
 * Checks a part of a request against its schema.
 *
 * @param part - what to name when the part itself is wrong, such as `body`
 * @throws Failure that names the first field that does not fit, such as `commands[3].deposit.to`
 */
export function validate<T extends z.ZodType>(schema: T, value: unknown, part: string): z.output<T> {
  const result = schema.safeParse(value, { error: problemOf });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw invalidField(part, 'is wrong');
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  throw invalidField(fieldPath([...issue.path, ...unknownKey]) || part, issue.message);
}

/** Words for what a schema leaves to us, to follow the field's name and a colon. */
function problemOf(issue: z.core.$ZodRawIssue): string | undefined {
  const { code, input } = issue;
  if (input === undefined) return 'is missing';
  if (code === 'invalid_type') {
    if (issue.expected === 'int') return 'must be a whole number';
    return `must be ${article(issue.expected)} ${issue.expected}, not ${typeName(input)}`;
  }
  if (code === 'unrecognized_keys') return 'is not known here; check its spelling';
  if (code === 'too_small') return `must be at least ${issue.minimum}${lengthUnit(issue.origin)}`;
  if (code === 'too_big') return `must be at most ${issue.maximum}${lengthUnit(issue.origin)}`;
  if (code === 'invalid_value') return `must be ${alternatives(issue.values)}`;
  if (code === 'invalid_union' && Array.isArray(issue.options)) {
    return `must be ${alternatives(issue.options)}`;
  }
  return undefined;
}

function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a';
}

function lengthUnit(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' items long' : '';
}

function alternatives(values: readonly unknown[]): string {
  return values.map((value) => `'${String(value)}'`).join(' or ');
}

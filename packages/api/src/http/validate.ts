import type { z } from 'zod';
import { invalidField } from './failure.js';

/**
 * Checks a part of a request against its schema.
 *
 * @param part - what to name when the part itself is wrong, such as `body`
 * @throws Failure that names the first field that does not fit, such as `commands[3].deposit.to`
 */
export function validate<T extends z.ZodType>(schema: T, value: unknown, part: string): z.output<T> {
  const result = schema.safeParse(value, OWN_WORDS);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw invalidField(part, 'is wrong');
  throw invalidField(fieldPath(pathOf(issue)) || part, issue.message);
}

/** Where the issue is: at the key that is not known, but around a key that is malformed, which may be of any length. */
function pathOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  if (issue.code === 'unrecognized_keys') return [...issue.path, ...issue.keys.slice(0, 1)];
  return issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path;
}

/** Where a schema has no words of its own. */
const OWN_WORDS = { error: problemOf };

/** Words for what a schema leaves to us, to follow the field's name and a colon. */
function problemOf(issue: z.core.$ZodRawIssue): string | undefined {
  const { code, input } = issue;
  if (input === undefined) return 'is missing';
  if (code === 'invalid_type') return typeProblem(issue.expected, input);
  if (code === 'invalid_key') return `has a key that ${issue.issues[0]?.message ?? 'is wrong'}`;
  if (code === 'unrecognized_keys') return 'is not known here; check its spelling';
  if (code === 'too_small') return `must be at least ${issue.minimum}${lengthUnit(issue.origin)}`;
  if (code === 'too_big') return `must be at most ${issue.maximum}${lengthUnit(issue.origin)}`;
  if (code === 'invalid_value') return `must be ${alternatives(issue.values)}`;
  if (code === 'invalid_union' && Array.isArray(issue.options)) {
    return `must be ${alternatives(issue.options)}`;
  }
  return undefined;
}

function typeProblem(expected: string, input: unknown): string {
  if (expected === 'int') return 'must be a whole number';
  const type = expected === 'record' ? 'object' : expected;
  return `must be ${article(type)} ${type}, not ${typeName(input)}`;
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

import { expect, test } from 'vitest';
import { z } from 'zod';
import { Failure } from './failure.js';
import { validate } from './validate.js';

const schema = z.strictObject({
  name: z.string().min(2).max(3),
  tags: z
    .array(z.strictObject({ size: z.int().min(1).max(5) }))
    .max(2)
    .optional(),
  kind: z.enum(['small', 'large']).optional(),
  code: z
    .string()
    .refine((code) => code === 'right', 'is not right')
    .optional(),
});

test('what fits is passed on', () => {
  const value = { name: 'abc', tags: [{ size: 1 }], kind: 'small', code: 'right' };
  expect(validate(schema, value, 'body')).toEqual(value);
});

test.each([
  [undefined, 'body: is missing'],
  [null, 'body: must be an object, not null'],
  [[], 'body: must be an object, not an array'],
  ['x', 'body: must be an object, not a string'],
  [{}, 'name: is missing'],
  [{ name: 5 }, 'name: must be a string, not a number'],
  [{ name: {} }, 'name: must be a string, not an object'],
  [{ name: 'a' }, 'name: must be at least 2 characters long'],
  [{ name: 'abcd' }, 'name: must be at most 3 characters long'],
  [{ name: 'abc', nmae: 1 }, 'nmae: is not known here; check its spelling'],
  [{ name: 'abc', kind: 'huge' }, "kind: must be 'small' or 'large'"],
  [{ name: 'abc', code: 'wrong' }, 'code: is not right'],
  [{ name: 'abc', tags: [{ size: 1 }, { size: 6 }] }, 'tags[1].size: must be at most 5'],
  [{ name: 'abc', tags: [{ size: 1.5 }] }, 'tags[0].size: must be a whole number'],
  [{ name: 'abc', tags: [{}] }, 'tags[0].size: is missing'],
  [{ name: 'abc', tags: [{ size: 1, colour: 1 }] }, 'tags[0].colour: is not known here; check its spelling'],
  [{ name: 'abc', tags: [{ size: 1 }, { size: 1 }, { size: 1 }] }, 'tags: must be at most 2 items long'],
])('%j: %s', (value, sentence) => {
  const failure = thrownBy(() => validate(schema, value, 'body'));
  expect(failure).toMatchObject({ status: 400, error: { rawMessage: sentence } });
});

function thrownBy(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('expected a Failure');
}

import { expect, it } from 'vitest';
import { formatFigure, formatTable } from './table.js';

it('sets the first column to the left, the others to the right', () => {
  const rows = [
    ['transfers', '1', '40,000'],
    ['holds', '1,000', '9'],
  ];
  expect(formatTable(['point', 'callers', '/s'], rows)).toBe(
    [
      'point      callers      /s',
      '---------  -------  ------',
      'transfers        1  40,000',
      'holds        1,000       9',
    ].join('\n'),
  );
});

it('takes rows that are shorter than the head', () => {
  expect(formatTable(['a', 'b'], [['long']])).toBe(['a     b', '----  -', 'long'].join('\n'));
});

it.each([
  [0.1234, '0.12'],
  [9.5, '9.50'],
  [12.34, '12.3'],
  [99.96, '100.0'],
  [1234.5, '1,235'],
  [undefined, 'n/a'],
])('writes %d as %s', (figure, text) => {
  expect(formatFigure(figure)).toBe(text);
});

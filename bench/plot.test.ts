import { describe, expect, it } from 'vitest';
import { renderPlot, spread } from './plot.js';

describe('spread', () => {
  it('leaves alone what is apart', () => {
    expect(spread([10, 40, 80], 20, 100)).toEqual([10, 40, 80]);
  });

  it('moves apart what is too near', () => {
    expect(spread([10, 12, 14], 20, 100)).toEqual([10, 30, 50]);
  });

  it('pushes back what would go beyond the end', () => {
    expect(spread([80, 95, 99], 20, 100)).toEqual([60, 80, 100]);
  });
});

it('draws a line with a dot for each point, a single dot, and a level from side to side', () => {
  const line = {
    label: 'line',
    color: '#111111',
    points: [
      [1, 10],
      [10, 100],
      [100, 1_000],
    ] as const,
  };
  const dot = { label: 'dot', color: '#222222', points: [[10, 50]] as const };
  const level = { label: 'level', color: '#333333', points: [[1, 500]] as const, style: 'level' as const };
  const svg = renderPlot('title', 'where', [
    { title: 'panel', xTitle: 'callers', curves: [line, dot, level] },
  ]);
  expect(svg.match(/<circle[^>]*fill="#111111"/g)).toHaveLength(3);
  expect(svg.match(/<circle[^>]*fill="#222222"/g)).toHaveLength(1);
  expect(svg.match(/<circle[^>]*fill="#333333"/g)).toBeNull();
  expect(svg).toMatch(/<path d="M80 [\d.]+h440" fill="none" stroke="#333333"/);
  expect(svg).not.toContain('NaN');
});

it('escapes what would be markup', () => {
  expect(renderPlot('a < b & c', '', [])).toContain('a &lt; b &amp; c');
});

/** Maps numbers to places on an axis of which each decade takes as much room. */
export interface LogScale {
  readonly place: (value: number) => number;
  /** 1, 2 and 5 of each decade that are on the axis. */
  readonly ticks: readonly number[];
}

/** An axis that holds all the values, from place `begin` to place `end`. */
export function logScale(values: readonly number[], begin: number, end: number): LogScale {
  const known = values.filter((value) => value > 0);
  const [low, high] =
    known.length === 0 ? [1, 10] : [roundDown(Math.min(...known)), roundUp(Math.max(...known))];
  const [from, to] = [Math.log10(low), Math.log10(high > low ? high : low * 10)];
  return {
    place: (value) => begin + ((Math.log10(value) - from) / (to - from)) * (end - begin),
    ticks: steps(from, to).filter((step) => step >= low * 0.999 && Math.log10(step) <= to + 0.001),
  };
}

const MARKS = [1, 2, 5];

function steps(from: number, to: number): number[] {
  const decades = Array.from(
    { length: Math.ceil(to) - Math.floor(from) + 1 },
    (_, i) => Math.floor(from) + i,
  );
  return decades.flatMap((decade) => MARKS.map((mark) => mark * 10 ** decade));
}

function roundDown(value: number): number {
  const decade = Math.floor(Math.log10(value));
  return steps(decade, decade).findLast((step) => step <= value * 1.001) ?? 10 ** decade;
}

function roundUp(value: number): number {
  const decade = Math.floor(Math.log10(value));
  return steps(decade, decade + 1).find((step) => step >= value * 0.999) ?? 10 ** (decade + 1);
}

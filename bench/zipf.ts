import type { Random } from './random.js';

/**
 * Draws ranks from 0 to `count` - 1, of which rank r comes up in proportion to 1 / (r + 1) ** exponent: a few are in
 * great demand, most hardly ever.
 */
export function zipf(count: number, exponent: number, random: Random): () => number {
  const cumulative = new Float64Array(count);
  let total = 0;
  for (let rank = 0; rank < count; rank++) {
    total += (rank + 1) ** -exponent;
    cumulative[rank] = total;
  }
  return () => firstAbove(cumulative, random() * total);
}

/** Index of the first number above `wanted`, in numbers that rise. */
function firstAbove(numbers: Float64Array, wanted: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Draws numbers from 0 up to, but not including, 1. */
export type Random = () => number;

/** Mulberry32: small and fast, and every run draws the same. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Draws a whole number below `bound`. */
export function below(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

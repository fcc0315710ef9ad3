/** The number that `percent` of the numbers do not exceed; NaN of none. @param sorted - numbers that rise */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(rank, 1) - 1] ?? Number.NaN;
}

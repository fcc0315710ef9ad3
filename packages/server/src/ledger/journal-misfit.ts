/** The first thing in a journal, or in what is kept beside it, that does not fit. */
export class JournalMisfit extends Error {
  override readonly name = 'JournalMisfit';

  /** @param problem - what is the matter with the position, in a sentence for people */
  constructor(
    readonly position: number,
    problem: string,
  ) {
    super(problem);
  }
}

/**
 * @param problem - told only if need be, since a verification asks a dozen times per entry
 * @throws {@link JournalMisfit} unless the condition holds
 */
export function fits(
  { position }: { readonly position: number },
  condition: boolean,
  problem: string | (() => string),
): asserts condition {
  if (condition) return;
  throw new JournalMisfit(position, typeof problem === 'string' ? problem : problem());
}

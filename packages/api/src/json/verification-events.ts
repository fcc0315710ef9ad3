import type { VerifyProgress, VerifyResult } from '@giro/sdk';
import type { ServerEvent } from '../http/event-stream.js';
import { toProgressJson, toVerificationJson } from './verification.js';

/** Runs a verification, telling how far it has got. */
export type Verify = (onProgress: (progress: VerifyProgress) => void) => Promise<VerifyResult>;

/**
 * A verification as server-sent events: `progress` now and then, and at the end its `result`. Of progress that nobody has
 * asked for yet, only the latest is kept.
 */
export async function* verificationEvents(verify: Verify): AsyncGenerator<ServerEvent, void, undefined> {
  const news = new LatestProgress();
  const result = verify((progress) => {
    news.tell(progress);
  });
  // Whoever stops listening has stopped the verification by its signal: its failure is nobody's business.
  result.then(
    () => news.end(),
    () => news.end(),
  );
  for (;;) {
    const progress = await news.next();
    if (progress === undefined) break;
    yield { event: 'progress', data: toProgressJson(progress) };
  }
  yield { event: 'result', data: toVerificationJson(await result) };
}

/** A mailbox for one: what is not taken is replaced by what comes next. */
class LatestProgress {
  #latest: VerifyProgress | undefined;
  #isOver = false;
  #wake: (() => void) | undefined;

  tell(progress: VerifyProgress): void {
    this.#latest = progress;
    this.#wake?.();
  }

  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  /** @returns undefined once there is no more to come */
  async next(): Promise<VerifyProgress | undefined> {
    while (this.#latest === undefined && !this.#isOver) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const latest = this.#latest;
    this.#latest = undefined;
    return latest;
  }
}

import { describeReason, type Reason, type ReasonMetadata } from '@giro/sdk/protocol';

/** A request that got no decision, or a read that found nothing: the reason is the catalogue's. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly reason: Reason;
  readonly metadata: ReasonMetadata;

  /**
   * @param details - the reason's metadata, or just its `problem`
   * @param replayed - whether this repeats the answer that the write's id got before
   */
  constructor(
    reason: Reason,
    details: string | ReasonMetadata,
    cause?: unknown,
    readonly replayed = false,
  ) {
    const metadata = typeof details === 'string' ? { problem: details } : details;
    super(describeReason(reason, metadata), { cause });
    this.reason = reason;
    this.metadata = metadata;
  }
}

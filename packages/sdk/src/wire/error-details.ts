import { ErrorInfo, RetryInfo } from '../gen/google/rpc/error_details.js';
import { Status } from '../gen/google/rpc/status.js';
import type { ReasonMetadata } from '../catalogue/catalogue.js';

/** The metadata key in which gRPC carries a serialized `google.rpc.Status` beside the plain code and message. */
export const STATUS_DETAILS_KEY = 'grpc-status-details-bin';

/** The `domain` of every `google.rpc.ErrorInfo` that Giro sends. */
export const ERROR_DOMAIN = 'giro';

/** A reason on the wire. It is a plain string, since a newer server may know reasons that this version does not. */
export interface ErrorDetail {
  readonly reason: string;
  readonly metadata: ReasonMetadata;
  /** True if this repeats the answer that the write's id got before. */
  readonly replayed?: boolean;
}

/** Packs a reason into the bytes of {@link STATUS_DETAILS_KEY}, as `google.rpc.ErrorInfo`. */
export function encodeErrorDetail(code: number, message: string, detail: ErrorDetail): Uint8Array {
  const info = ErrorInfo.encode({
    reason: detail.reason,
    domain: ERROR_DOMAIN,
    metadata: { ...detail.metadata, ...(detail.replayed === true && { [REPLAYED_KEY]: 'true' }) },
  }).finish();
  return Status.encode({
    code,
    message,
    details: [{ typeUrl: ERROR_INFO_URL, value: Buffer.from(info) }],
  }).finish();
}

/**
 * Finds Giro's reason in the bytes of {@link STATUS_DETAILS_KEY}.
 *
 * @returns undefined if there is none, or the bytes are damaged: an error must never hide behind another
 */
export function decodeErrorDetail(bytes: Uint8Array): ErrorDetail | undefined {
  try {
    for (const { typeUrl, value } of Status.decode(bytes).details) {
      if (typeUrl !== ERROR_INFO_URL) continue;
      const { reason, domain, metadata } = ErrorInfo.decode(value);
      if (domain !== ERROR_DOMAIN) continue;
      const { [REPLAYED_KEY]: replayed, ...rest } = metadata;
      return { reason, metadata: rest, replayed: replayed === 'true' };
    }
  } catch {
    return undefined;
  }
  return undefined;
}

/** How long `google.rpc.RetryInfo` asks to wait, in whole milliseconds; undefined if there is none, or it is damaged. */
export function decodeRetryDelayMs(bytes: Uint8Array): number | undefined {
  try {
    const info = Status.decode(bytes).details.find(({ typeUrl }) => typeUrl === RETRY_INFO_URL);
    const delay = info && RetryInfo.decode(info.value).retryDelay;
    return delay && Math.max(0, Math.ceil(Number(delay.seconds) * 1e3 + delay.nanos / 1e6));
  } catch {
    return undefined;
  }
}

const RETRY_INFO_URL = 'type.googleapis.com/google.rpc.RetryInfo';

/** `google.rpc.ErrorInfo` has no field of its own for it. */
const REPLAYED_KEY = 'replayed';

const ERROR_INFO_URL = 'type.googleapis.com/google.rpc.ErrorInfo';

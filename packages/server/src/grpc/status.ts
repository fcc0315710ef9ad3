import { Metadata, status, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { catalogue, describeReason, encodeErrorDetail, STATUS_DETAILS_KEY } from '@giro/sdk/protocol';
import type { RequestError } from '../request-error.js';

/** A refusal or failure as gRPC carries it: code and sentence for everybody, `google.rpc.ErrorInfo` for programs. */
export function statusFor({
  reason,
  metadata,
  replayed,
}: RequestError): Partial<ServiceError> & StatusObject {
  const code = status[catalogue[reason].code];
  const details = describeReason(reason, metadata);
  const trailer = new Metadata();
  const detail = encodeErrorDetail(code, details, { reason, metadata, replayed });
  trailer.set(STATUS_DETAILS_KEY, Buffer.from(detail));
  return { code, details, metadata: trailer };
}

import type { MethodDefinition } from '@grpc/grpc-js';
import { MESSAGE_BYTES_MAX } from '@giro/sdk/protocol';
import { RequestError } from '../request-error.js';
import { invalid } from './parse.js';

/**
 * What is read of a request at most. It is more than {@link MESSAGE_BYTES_MAX}, so that a request which is a few times
 * too large is refused with a reason; beyond this gRPC itself hangs up with a bare RESOURCE_EXHAUSTED.
 */
export const RECEIVED_BYTES_MAX = 4 * MESSAGE_BYTES_MAX;

/** Reads a request's bytes. @throws {@link RequestError} with PAYLOAD_TOO_LARGE or INVALID_FIELD */
export function readRequest<Request>(method: Readable<Request>, bytes: Buffer): Request {
  if (bytes.length > MESSAGE_BYTES_MAX) {
    const problem = `the request has ${bytes.length} bytes, more than the ${MESSAGE_BYTES_MAX} that the server takes`;
    throw new RequestError('PAYLOAD_TOO_LARGE', problem);
  }
  try {
    return method.requestDeserialize(bytes);
  } catch {
    throw invalid('request', `is no message that ${method.path} takes`);
  }
}

type Readable<Request> = Pick<MethodDefinition<Request, unknown>, 'path' | 'requestDeserialize'>;

import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** One call of the protocol, as the proto defines it. */
export interface Method<Request, Answer> {
  /** `/giro.v1.TransferService/Deposit` */
  readonly path: string;
  readonly idempotency: Idempotency;
  readonly encode: (request: Request) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => Answer;
}

/**
 * How often a call may take effect, from the proto's `idempotency_level`: any number of times (`NO_SIDE_EFFECTS`, a
 * read), any number of times with the same body (`IDEMPOTENT`, a write with an id), or once only (`NONE`).
 */
export type Idempotency = 'NO_SIDE_EFFECTS' | 'IDEMPOTENT' | 'NONE';

/** Makes a {@link Method} of what ts-proto generates. */
export function method<Request, Answer>(
  service: { readonly fullName: string },
  rpc: GeneratedMethod<Request, Answer>,
): Method<Request, Answer> {
  return {
    path: `/${service.fullName}/${rpc.name}`,
    idempotency: rpc.options.idempotencyLevel ?? 'NONE',
    encode: (request) => encodeWith(rpc.requestType, request),
    decode: (bytes) => rpc.responseType.decode(bytes),
  };
}

/** With one writer for all: its buffer is most of what encoding a small request costs. */
function encodeWith<Request>(type: RequestType<Request>, request: Request): Uint8Array {
  const { writer = new BinaryWriter() } = shared;
  // One that a request has made large, or left in the middle of something, is not kept.
  shared.writer = undefined;
  const bytes = type.encode(request, writer).finish();
  if (bytes.length <= KEPT_BYTES_MAX) shared.writer = writer;
  return bytes;
}

const shared: { writer: BinaryWriter | undefined } = { writer: undefined };

/** Most that the last request may have had for its writer to be kept: more than all but the largest batches have. */
const KEPT_BYTES_MAX = 262_144;

interface RequestType<Request> {
  encode(request: Request, writer: BinaryWriter): BinaryWriter;
}

interface GeneratedMethod<Request, Answer> {
  readonly name: string;
  readonly requestType: RequestType<Request>;
  readonly responseType: { decode(bytes: Uint8Array): Answer };
  readonly options: { readonly idempotencyLevel?: Exclude<Idempotency, 'NONE'> };
}

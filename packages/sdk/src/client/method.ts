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
    encode: (request) => rpc.requestType.encode(request).finish(),
    decode: (bytes) => rpc.responseType.decode(bytes),
  };
}

interface GeneratedMethod<Request, Answer> {
  readonly name: string;
  readonly requestType: { encode(request: Request): { finish(): Uint8Array } };
  readonly responseType: { decode(bytes: Uint8Array): Answer };
  readonly options: { readonly idempotencyLevel?: Exclude<Idempotency, 'NONE'> };
}

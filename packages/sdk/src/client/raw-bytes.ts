/** Requests and answers pass through grpc-js as bytes, so that they are encoded once and errors in them are told. */

/** A request as grpc-js takes it. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An answer as it came. */
export function asIs(bytes: Buffer): Uint8Array {
  return bytes;
}

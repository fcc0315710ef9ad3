import { ServerCredentials } from '@grpc/grpc-js';
import { StartError } from '../start-error.js';

/** What a server needs to speak TLS. */
export interface ServerTls {
  /** Its certificate chain, PEM. */
  readonly cert: string | Uint8Array;
  /** The private key of `cert`, PEM, without a passphrase. */
  readonly key: string | Uint8Array;
  /**
   * The authorities of whose certificates each client has to have one, PEM (mutual TLS).
   *
   * @defaultValue clients need none
   */
  readonly clientCa?: string | Uint8Array | undefined;
}

/** @throws {@link StartError} if certificate and key cannot be used together */
export function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const { cert, key, clientCa } = tls;
  const ca = clientCa === undefined ? null : Buffer.from(clientCa);
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  try {
    return ServerCredentials.createSsl(ca, [pair], ca !== null);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(`the TLS certificate and key cannot be used: ${why}`, { cause: error });
  }
}

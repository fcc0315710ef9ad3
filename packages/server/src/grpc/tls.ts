import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { ServerCredentials } from '@grpc/grpc-js';
import { StartError } from '../start-error.js';

/** Who a server is, and whom it lets in. */
export interface ServerCertificates {
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

/** What a server needs to speak TLS. */
export interface ServerTls extends ServerCertificates {
  /**
   * Takes what is to be told of each new certificate and key. Connections made from then on get it; those there are go on.
   * Whether clients need a certificate cannot change.
   *
   * @defaultValue they stay as they are
   */
  readonly onChange?: ((use: (changed: ServerCertificates) => void) => void) | undefined;
}

/** @throws {@link StartError} if certificate and key cannot be used together, or the authorities cannot be read */
export function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const credentials = new ReplaceableCredentials(usable(tls));
  tls.onChange?.((changed) => {
    credentials.replace(usable(changed));
  });
  return credentials;
}

/**
 * The settings as Node.js takes them.
 *
 * @throws {@link StartError} if certificate and key cannot be used together, or the authorities cannot be read
 */
export function usable({ cert, key, clientCa }: ServerCertificates): SecureContextOptions {
  const ca = clientCa === undefined ? undefined : Buffer.from(clientCa);
  const settings = { cert: Buffer.from(cert), key: Buffer.from(key), ca };
  check('the TLS certificate and key', () => createSecureContext(settings));
  // OpenSSL passes over authorities that it cannot read, and then trusts nobody.
  if (ca !== undefined) check("the clients' authorities", () => new X509Certificate(ca));
  return settings;
}

function check(what: string, use: () => unknown): void {
  try {
    use();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(`${what} cannot be used: ${why}`, { cause: error });
  }
}

/**
 * Not grpc-js's own file watcher: while a file cannot be used, that one turns all connections away, where those with the
 * certificate from before would do.
 */
class ReplaceableCredentials extends ServerCredentials {
  constructor(settings: SecureContextOptions) {
    super({ requestCert: settings.ca !== undefined }, settings);
  }

  replace(settings: SecureContextOptions): void {
    this.updateSecureContextOptions(settings);
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

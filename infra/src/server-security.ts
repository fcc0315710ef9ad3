import type { Container } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { mountSecretFiles } from './secret-files.js';
import type { SecretKey } from './secret-key.js';

/** With what servers speak TLS. */
export interface ServerTls {
  /** A Secret of type `kubernetes.io/tls`. Its certificate names the hosts by which clients reach the servers. */
  readonly secretName: string;
  /**
   * The authorities, PEM, of whose certificates each client has to have one (mutual TLS).
   * @default - clients need no certificate
   */
  readonly clientCa?: SecretKey;
}

/** Who is let in, and how they are spoken to. */
export interface ServerSecurity {
  /** @default - plaintext */
  readonly tls?: ServerTls;
  /**
   * Bearer tokens, one in a line, of which every call needs one; only with `tls`.
   * @default - calls need none
   */
  readonly tokens?: SecretKey;
}

/** @throws TypeError for tokens that everybody on the way could read */
export function checkServerSecurity({ tls, tokens }: ServerSecurity): void {
  if (tokens !== undefined && tls === undefined)
    throw new TypeError('GiroServer: tokens would come in plaintext; give tls too');
}

/** Gives a server the files that it needs, and tells it where they are. */
export function secureServer(scope: Construct, container: Container, { tls, tokens }: ServerSecurity): void {
  if (tls !== undefined) {
    mountSecretFiles(scope, container, {
      name: 'tls',
      secretName: tls.secretName,
      keys: { GIRO_TLS_CERT_FILE: 'tls.crt', GIRO_TLS_KEY_FILE: 'tls.key' },
    });
  }
  if (tls?.clientCa !== undefined) {
    const { secretName, key } = tls.clientCa;
    const keys = { GIRO_TLS_CLIENT_CA_FILE: key };
    mountSecretFiles(scope, container, { name: 'client-ca', secretName, keys });
  }
  if (tokens !== undefined) {
    const { secretName, key } = tokens;
    mountSecretFiles(scope, container, { name: 'tokens', secretName, keys: { GIRO_TOKENS_FILE: key } });
  }
}

import { EnvValue, Secret } from 'cdk8s-plus-27';
import type { Container } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { mountSecretFiles } from './secret-files.js';
import type { SecretKey } from './secret-key.js';

/** How the API speaks TLS with the servers. */
export interface ApiTls {
  /** The authorities, PEM, of whose certificates each server has to have one. */
  readonly ca: SecretKey;
  /**
   * A Secret of type `kubernetes.io/tls` for servers that ask for a certificate.
   * @default - the API has none
   */
  readonly clientSecretName?: string;
}

/** How the API gets to servers that do not let everybody in. */
export interface ApiSecurity {
  /** @default - plaintext */
  readonly tls?: ApiTls;
  /**
   * The bearer token of the API's calls; only with `tls`.
   * @default - none
   */
  readonly token?: SecretKey;
}

/** @throws TypeError for a token that everybody on the way could read */
export function checkApiSecurity({ tls, token }: ApiSecurity): void {
  if (token !== undefined && tls === undefined)
    throw new TypeError('GiroApi: token would be sent in plaintext; give tls too');
}

/** Gives the API what it needs to be let in, and tells it where that is. */
export function secureApi(scope: Construct, container: Container, { tls, token }: ApiSecurity): void {
  if (tls !== undefined) {
    const { secretName, key } = tls.ca;
    mountSecretFiles(scope, container, { name: 'ca', secretName, keys: { GIRO_TLS_CA_FILE: key } });
  }
  if (tls?.clientSecretName !== undefined) {
    mountSecretFiles(scope, container, {
      name: 'client',
      secretName: tls.clientSecretName,
      keys: { GIRO_TLS_CERT_FILE: 'tls.crt', GIRO_TLS_KEY_FILE: 'tls.key' },
    });
  }
  if (token !== undefined) {
    const secret = Secret.fromSecretName(scope, 'token', token.secretName);
    container.env.addVariable('GIRO_TOKEN', EnvValue.fromSecretValue({ secret, key: token.key }));
  }
}

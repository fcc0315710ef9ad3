import type { ServerConfig } from './config.js';
import type { ServerTls } from './grpc/tls.js';
import { readNamedFile } from './read-named-file.js';
import { StartError } from './start-error.js';

/**
 * The certificate and key that the config names; undefined for plaintext.
 *
 * @throws {@link StartError} if one is without the other, or a file cannot be read
 */
export function readTlsFiles({
  tlsCertFile,
  tlsKeyFile,
  tlsClientCaFile,
}: Pick<ServerConfig, 'tlsCertFile' | 'tlsKeyFile' | 'tlsClientCaFile'>): ServerTls | undefined {
  if (tlsCertFile === undefined && tlsKeyFile === undefined && tlsClientCaFile === undefined)
    return undefined;
  if (tlsCertFile === undefined || tlsKeyFile === undefined) {
    const missing = tlsCertFile === undefined ? '--tls-cert-file' : '--tls-key-file';
    throw new StartError(`TLS needs a certificate and its key: ${missing} is missing`);
  }
  const clientCa = tlsClientCaFile === undefined ? undefined : contentOf(tlsClientCaFile);
  return { cert: contentOf(tlsCertFile), key: contentOf(tlsKeyFile), clientCa };
}

function contentOf(path: string): Buffer {
  return readNamedFile(path, 'a TLS file');
}

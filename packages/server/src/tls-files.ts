import { X509Certificate } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { ServerConfig } from './config.js';
import { usable, type ServerCertificates, type ServerTls } from './grpc/tls.js';
import { readNamedFile } from './read-named-file.js';
import { StartError } from './start-error.js';

/** How often the files are looked at: certificates are replaced hours before they expire. */
const LOOK_EVERY_MS = 5_000;

/** Certificate and key in files. */
export interface TlsFiles {
  readonly tls: ServerTls;
  close(): void;
}

type TlsConfig = Pick<ServerConfig, 'tlsCertFile' | 'tlsKeyFile' | 'tlsClientCaFile'>;

/**
 * Reads the certificate and key that the config names, and reads them again whenever a file has changed, or the link to
 * it; what cannot be used changes nothing but the log.
 *
 * @returns undefined for plaintext
 * @throws {@link StartError} if one is without the other, a file cannot be read, or they cannot be used together
 */
export function openTlsFiles(config: TlsConfig, log: Logger): TlsFiles | undefined {
  const paths = pathsOf(config);
  if (paths === undefined) return undefined;
  const first = read(paths);
  usable(first);
  let latest = first;
  const uses: ((changed: ServerCertificates) => void)[] = [];
  const look = () => {
    try {
      const changed = read(paths);
      // A change of two files is told twice.
      if (isDeepStrictEqual(changed, latest)) return;
      usable(changed);
      latest = changed;
      for (const use of uses) use(changed);
      log.info({ validTo: new X509Certificate(changed.cert).validTo }, 'the TLS files were read again');
    } catch (error) {
      log.error({ err: error }, 'the TLS files cannot be read again: what was in them before stays in use');
    }
  };
  const watched = [paths.cert, paths.key, paths.clientCa].filter((path) => path !== undefined);
  for (const path of watched) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look);
  return {
    tls: {
      ...first,
      onChange: (use) => {
        uses.push(use);
        if (latest !== first) use(latest);
      },
    },
    close: () => {
      for (const path of watched) unwatchFile(path, look);
    },
  };
}

interface Paths {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
}

function pathsOf({
  tlsCertFile: cert,
  tlsKeyFile: key,
  tlsClientCaFile: clientCa,
}: TlsConfig): Paths | undefined {
  if (cert === undefined && key === undefined && clientCa === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    const missing = cert === undefined ? '--tls-cert-file' : '--tls-key-file';
    throw new StartError(`TLS needs a certificate and its key: ${missing} is missing`);
  }
  return { cert, key, clientCa };
}

function read({ cert, key, clientCa }: Paths): ServerCertificates {
  const contentOf = (path: string) => readNamedFile(path, 'a TLS file');
  const authorities = clientCa === undefined ? undefined : contentOf(clientCa);
  return { cert: contentOf(cert), key: contentOf(key), clientCa: authorities };
}

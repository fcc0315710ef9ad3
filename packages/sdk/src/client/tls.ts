import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { asError } from '../errors/as-error.js';
import { invalidField } from '../errors/failures.js';
import { checkFields, mustBe } from './arguments.js';
import { ChangingCertificates } from './changing-certificates.js';
import type { Logger } from './log-calls.js';
import { readNamedFile } from './read-named-file.js';

/** How to speak TLS. Without anything, the certificate authorities that come with Node.js are trusted. */
export interface TlsOptions {
  /**
   * The certificate authorities to trust, PEM.
   *
   * @defaultValue those that come with Node.js
   */
  readonly ca?: string | Uint8Array | undefined;
  /** The client's certificate chain, PEM, for servers that ask for one (mutual TLS). Goes with `key`. */
  readonly cert?: string | Uint8Array | undefined;
  /** The private key of `cert`, PEM, without a passphrase. */
  readonly key?: string | Uint8Array | undefined;
  /**
   * The path of a file with `ca`, in place of it. Files are read again within five seconds when they change, and connections
   * made from then on use what is in them; what cannot be used is told to the `logger`, and what was in use before stays.
   */
  readonly caFile?: string | undefined;
  /** The path of a file with `cert`, in place of it; read again like `caFile`. */
  readonly certFile?: string | undefined;
  /** The path of a file with `key`, in place of it; read again like `caFile`. */
  readonly keyFile?: string | undefined;
  /**
   * Whom the servers' certificates are to name.
   *
   * @defaultValue the host of the address, for `dns:///` that of the name
   */
  readonly serverName?: string | undefined;
}

/** Whom to trust, and who the client is. */
export interface Certificates {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
}

/** TLS settings as they are needed. */
export interface Tls extends Certificates {
  /** Where any of the certificates are in files. */
  readonly changing: ChangingCertificates | undefined;
  readonly serverName: string | undefined;
}

/**
 * Reads the `tls` option.
 *
 * @param scheme - what the scheme in `servers` says of it, if there is one
 * @param logger - hears of files that cannot be read again
 * @returns undefined for none
 * @throws {@link InvalidArgumentError} if it contradicts the scheme or itself, a file cannot be read, a certificate has no
 *   key, or the two do not belong together
 */
export function checkTls(tls: unknown, scheme: boolean | undefined, logger?: Logger): Tls | undefined {
  const wanted = tls ?? scheme ?? false;
  if (scheme !== undefined && scheme !== (wanted !== false)) {
    const [option, name] = scheme ? ['tls: false', 'grpcs'] : ['tls', 'grpc'];
    throw invalidField('tls', `${option} contradicts ${name}:// in servers; give one of them`);
  }
  if (typeof wanted === 'boolean') return wanted ? DEFAULTS : undefined;
  return checkSettings(checkFields(wanted, 'tls'), logger);
}

type Fields = Readonly<Record<string, unknown>>;

const PEMS = ['ca', 'cert', 'key'] as const;

function checkSettings({ serverName, ...fields }: Fields, logger: Logger | undefined): Tls {
  if (serverName !== undefined && (typeof serverName !== 'string' || serverName === '')) {
    throw mustBe('tls.serverName', 'a host name', serverName);
  }
  const known = PEMS.flatMap((name) => [name, `${name}File`]);
  for (const name of Object.keys(fields)) {
    if (!known.includes(name))
      throw invalidField(`tls.${name}`, `no such option; there are ${known.join(', ')}, serverName`);
  }
  const paths = PEMS.flatMap((name) => checkPath(fields, name) ?? []);
  const read = () => readCertificates(fields);
  const certificates = read();
  const changing =
    paths.length === 0 ? undefined : new ChangingCertificates({ paths, read }, certificates, logger);
  return { ...certificates, changing, serverName };
}

function checkPath(fields: Fields, name: string): string | undefined {
  const field = `tls.${name}File`;
  const path = fields[`${name}File`];
  if (path === undefined) return undefined;
  if (typeof path !== 'string' || path === '') throw mustBe(field, 'the path of a file', path);
  if (fields[name] !== undefined)
    throw invalidField(`tls.${name}`, `given beside ${field}; leave one of them out`);
  return path;
}

function readCertificates(fields: Fields): Certificates {
  const [cert, key] = checkPair(fields);
  const ca = checkAuthorities(checkPem(fields, 'ca'));
  checkUsable({ ca, cert, key });
  return { ca, cert, key };
}

/** Else the channel would throw OpenSSL's words, or a look-up of names would seem to fail. */
function checkUsable(pems: Certificates): void {
  try {
    createSecureContext(pems);
  } catch (error) {
    throw invalidField('tls', `cannot be used as it is: ${asError(error).message}`);
  }
}

const DEFAULTS: Tls = {
  ca: undefined,
  cert: undefined,
  key: undefined,
  changing: undefined,
  serverName: undefined,
};

function checkPair(fields: Fields): [Buffer, Buffer] | [undefined, undefined] {
  const cert = checkPem(fields, 'cert');
  const key = checkPem(fields, 'key');
  if (cert !== undefined && key !== undefined) return [cert, key];
  if (cert === key) return [undefined, undefined];
  const [missing, given] = cert === undefined ? ['tls.cert', 'tls.key'] : ['tls.key', 'tls.cert'];
  throw invalidField(missing, `missing; ${given} is given, and one is of no use without the other`);
}

/** OpenSSL passes over what it cannot read, and then trusts nobody. */
function checkAuthorities(ca: Buffer | undefined): Buffer | undefined {
  if (ca === undefined) return undefined;
  const certificates = ca.toString('latin1').match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw invalidField('tls.ca', 'holds no whole certificate');
  certificates.forEach((certificate, index) => {
    try {
      new X509Certificate(certificate);
    } catch (error) {
      throw invalidField('tls.ca', `its certificate ${index + 1} cannot be read: ${asError(error).message}`);
    }
  });
  return ca;
}

const CERTIFICATE = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^]*?-----END \1-----/g;

function checkPem(fields: Fields, name: (typeof PEMS)[number]): Buffer | undefined {
  const path = fields[`${name}File`];
  const field = path === undefined ? `tls.${name}` : `tls.${name}File`;
  const pem = typeof path === 'string' ? readNamedFile(path, field) : fields[name];
  if (pem === undefined) return undefined;
  const bytes = typeof pem === 'string' || pem instanceof Uint8Array ? Buffer.from(pem) : undefined;
  // Not shown: it may be a key.
  if (bytes?.includes('-----BEGIN ') !== true) {
    throw invalidField(field, 'no PEM text; give what the file holds, which begins with -----BEGIN');
  }
  return bytes;
}

import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { invalidField } from '../errors/failures.js';
import { checkFields, mustBe } from './arguments.js';

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
   * Whom the servers' certificates are to name.
   *
   * @defaultValue the host of the address, for `dns:///` that of the name
   */
  readonly serverName?: string | undefined;
}

/** TLS settings as they are needed. */
export interface Tls {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly serverName: string | undefined;
}

/**
 * Reads the `tls` option.
 *
 * @param scheme - what the scheme in `servers` says of it, if there is one
 * @returns undefined for none
 * @throws {@link InvalidArgumentError} if it contradicts the scheme, a certificate has no key, or the two do not
 *   belong together
 */
export function checkTls(tls: unknown, scheme: boolean | undefined): Tls | undefined {
  const wanted = tls ?? scheme ?? false;
  if (scheme !== undefined && scheme !== (wanted !== false)) {
    const [option, name] = scheme ? ['tls: false', 'grpcs'] : ['tls', 'grpc'];
    throw invalidField('tls', `${option} contradicts ${name}:// in servers; give one of them`);
  }
  if (typeof wanted === 'boolean') return wanted ? DEFAULTS : undefined;
  return checkSettings(checkFields(wanted, 'tls'));
}

function checkSettings({ serverName, ...fields }: Readonly<Record<string, unknown>>): Tls {
  if (serverName !== undefined && (typeof serverName !== 'string' || serverName === '')) {
    throw mustBe('tls.serverName', 'a host name', serverName);
  }
  for (const name of Object.keys(fields)) {
    if (!['ca', 'cert', 'key'].includes(name))
      throw invalidField(`tls.${name}`, 'no such option; there are ca, cert, key, serverName');
  }
  const [cert, key] = checkPair(fields);
  const ca = checkAuthorities(checkPem(fields['ca'], 'tls.ca'));
  checkUsable({ ca, cert, key });
  return { ca, cert, key, serverName };
}

/** Else the channel would throw OpenSSL's words, or a look-up of names would seem to fail. */
function checkUsable(pems: Pick<Tls, 'ca' | 'cert' | 'key'>): void {
  try {
    createSecureContext(pems);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalidField('tls', `cannot be used as it is: ${why}`);
  }
}

const DEFAULTS: Tls = { ca: undefined, cert: undefined, key: undefined, serverName: undefined };

function checkPair(fields: Readonly<Record<string, unknown>>): [Buffer, Buffer] | [undefined, undefined] {
  const cert = checkPem(fields['cert'], 'tls.cert');
  const key = checkPem(fields['key'], 'tls.key');
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
      const why = error instanceof Error ? error.message : String(error);
      throw invalidField('tls.ca', `its certificate ${index + 1} cannot be read: ${why}`);
    }
  });
  return ca;
}

const CERTIFICATE = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^]*?-----END \1-----/g;

function checkPem(pem: unknown, field: string): Buffer | undefined {
  if (pem === undefined) return undefined;
  const bytes = typeof pem === 'string' || pem instanceof Uint8Array ? Buffer.from(pem) : undefined;
  // Not shown: it may be a key.
  if (bytes?.includes('-----BEGIN ') !== true) {
    throw invalidField(field, 'no PEM text; give what the file holds, which begins with -----BEGIN');
  }
  return bytes;
}

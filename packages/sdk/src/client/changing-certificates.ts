import { unwatchFile, watchFile } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { experimental } from '@grpc/grpc-js';
import { asError } from '../errors/as-error.js';
import type { Logger } from './log-calls.js';
import type { Certificates } from './tls.js';

/** How often the files are looked at: certificates are replaced hours before they expire. */
const LOOK_EVERY_MS = 5_000;

/** What may change, and how to read it. */
export interface CertificateFiles {
  readonly paths: readonly string[];
  /** @throws Error if it cannot be used as it is */
  readonly read: () => Certificates;
}

/**
 * Gives each connection that is made the certificates as they are in their files by then. The files are looked at while
 * there is a connection to keep up.
 *
 * Not grpc-js's own file watcher: while a file cannot be used, that one lets no connection be made, where those with what
 * was in it before would do.
 */
export class ChangingCertificates implements experimental.CertificateProvider {
  readonly #files: CertificateFiles;
  readonly #logger: Logger | undefined;
  #latest: Certificates;
  readonly #authorityListeners = new Set<experimental.CaCertificateUpdateListener>();
  readonly #identityListeners = new Set<experimental.IdentityCertificateUpdateListener>();

  constructor(files: CertificateFiles, latest: Certificates, logger: Logger | undefined) {
    this.#files = files;
    this.#latest = latest;
    this.#logger = logger;
  }

  addCaCertificateListener(listener: experimental.CaCertificateUpdateListener): void {
    this.#add(this.#authorityListeners, listener, authorityOf);
  }

  removeCaCertificateListener(listener: experimental.CaCertificateUpdateListener): void {
    this.#authorityListeners.delete(listener);
    this.#unwatch();
  }

  addIdentityCertificateListener(listener: experimental.IdentityCertificateUpdateListener): void {
    this.#add(this.#identityListeners, listener, identityOf);
  }

  removeIdentityCertificateListener(listener: experimental.IdentityCertificateUpdateListener): void {
    this.#identityListeners.delete(listener);
    this.#unwatch();
  }

  /** @param of - what of the certificates it listens to */
  #add<Part>(
    listeners: Set<(part: Part) => void>,
    listener: (part: Part) => void,
    of: (latest: Certificates) => Part,
  ): void {
    this.#watch();
    listeners.add(listener);
    process.nextTick(() => {
      listener(of(this.#latest));
    });
  }

  get #listeners(): number {
    return this.#authorityListeners.size + this.#identityListeners.size;
  }

  #watch(): void {
    if (this.#listeners > 0) return;
    for (const path of this.#files.paths) {
      watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, this.#look);
    }
    this.#look();
  }

  #unwatch(): void {
    if (this.#listeners > 0) return;
    for (const path of this.#files.paths) unwatchFile(path, this.#look);
  }

  readonly #look = (): void => {
    try {
      const changed = this.#files.read();
      // A change of two files is told twice.
      if (isDeepStrictEqual(changed, this.#latest)) return;
      this.#latest = changed;
    } catch (error) {
      this.#warn(asError(error).message);
      return;
    }
    for (const listener of this.#authorityListeners) listener(authorityOf(this.#latest));
    for (const listener of this.#identityListeners) listener(identityOf(this.#latest));
  };

  #warn(problem: string): void {
    try {
      this.#logger?.warn('the TLS files cannot be read again: what was in them before stays in use', {
        problem,
      });
    } catch {
      // What a logger throws has nobody to catch it here.
    }
  }
}

/** Without one, Node.js's own are trusted, which grpc-js's type does not foresee. */
function authorityOf({ ca }: Certificates): experimental.CaCertificateUpdate {
  return { caCertificate: ca } as experimental.CaCertificateUpdate;
}

function identityOf({ cert, key }: Certificates): experimental.IdentityCertificateUpdate | null {
  return cert === undefined || key === undefined ? null : { certificate: cert, privateKey: key };
}

import type { Interceptor } from './interceptor.js';
import type { Logger } from './log-calls.js';
import type { TlsOptions } from './tls.js';
import type { TokenOption } from './token.js';

/** How to reach the bank, and how calls are made. */
export interface BankOptions {
  /**
   * The branch servers: `host:port`, or `dns:///host:port` for a name that stands for a server at each of its addresses.
   * One, several in a list, or several in one string with commas in between. IPv6 addresses go in brackets:
   * `[::1]:5001`. In front may stand `grpc://`, or `grpcs://` for TLS.
   *
   * Any server serves any branch; the client sends each branch's requests to one of them and turns to the next if that
   * one is gone. Names are looked up every two seconds, so that servers which come and go are noticed.
   */
  readonly servers: string | readonly string[];
  /**
   * True for TLS with the certificate authorities that Node.js knows, or the settings.
   *
   * @defaultValue what the scheme in `servers` says; without one false, which is plaintext
   */
  readonly tls?: boolean | TlsOptions | undefined;
  /**
   * The bearer token for every call, or a function that gives one, which is asked again after ten seconds and when the
   * bank has refused the token. Only sent over TLS, unless {@link allowTokenOverPlaintext} is set.
   *
   * @defaultValue none
   */
  readonly token?: TokenOption | undefined;
  /**
   * Sends the token over plaintext, where everybody on the way can read it: for loopback, or a network that encrypts by
   * itself.
   *
   * @defaultValue false
   */
  readonly allowTokenOverPlaintext?: boolean | undefined;
  /**
   * The deadline of every call that does not set its own, in milliseconds: 1 to 2,147,483,647. A verification and a watch,
   * which may take any time, have none by default.
   *
   * @defaultValue 5,000 for reads and 15,000 for writes
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Stand around every call, the first outermost; at most 32.
   *
   * @defaultValue none
   */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /**
   * Hears of calls: `debug` of each that ends, `warn` of each attempt that failed and is made again; and `warn` of TLS files
   * that cannot be read again. Never told: names, accounts, amounts, tokens.
   *
   * @defaultValue none: the SDK writes nothing
   */
  readonly logger?: Logger | undefined;
}

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call, its waits between attempts, and the pages that follow. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The deadline over all attempts, in milliseconds: 1 to 2,147,483,647. The server sees it too. A listing applies it to
   * each page.
   *
   * @defaultValue `timeoutMs` of {@link BankOptions}
   */
  readonly timeoutMs?: number | undefined;
}

import { asError } from '../errors/as-error.js';
import { invalidField } from '../errors/failures.js';
import { problemOf } from './wait.js';

/** How long a token that a function gave is used before it is asked again. */
const TOKEN_FRESH_MS = 10_000;

/** How long the function may take; then it is asked anew, or one that hangs once would end all calls for ever. */
const TOKEN_TIMEOUT_MS = 30_000;

/** The least time between two asks once the function failed or its new token was refused, too: it may cost a login. */
const ASK_INTERVAL_MS = 1_000;

/** How long calls wait for a fresh token while there is one that the bank has not refused; then they send that. */
const REFRESH_PATIENCE_MS = 1_000;

/** What may stand in an HTTP header after `Bearer` (RFC 6750, section 2.1). */
const TOKEN = /^[\w.~+/-]+=*$/;

/**
 * A bearer token, or a function that gives one. The function is asked before the first call, and again for calls that
 * come ten seconds later or after the bank has refused the token; at most once a second while it fails or its tokens are
 * refused. While it fails or takes long, the last token is sent on until the bank refuses it.
 */
export type TokenOption = string | (() => string | Promise<string>);

/** The token to send. It stays in here: neither printing the client nor an error shows it. */
export class Token {
  readonly #get: (() => string | Promise<string>) | undefined;
  #value: string | undefined;
  #freshUntilMs = 0;
  #refused = false;
  #asking: Promise<unknown> | undefined;
  #askedAtMs = 0;
  /** Why the function gave none when it was last asked. */
  #problem: unknown;
  /** Before that, it is not asked again. */
  #askAgainMs = 0;

  /** @throws {@link InvalidArgumentError} if it is neither a token nor a function */
  constructor(option: unknown) {
    if (typeof option === 'function') {
      this.#get = option as () => string | Promise<string>;
    } else if (option !== undefined) {
      this.#value = checkToken(option, 'token');
    }
  }

  /** Undefined for none. */
  get value(): string | undefined {
    return this.#value;
  }

  /** Whether {@link value} may be sent as it is. */
  get fresh(): boolean {
    if (this.#get === undefined) return true;
    if (!this.#usable) return false;
    const nowMs = performance.now();
    if (nowMs < this.#freshUntilMs) return true;
    return this.#asking === undefined ? nowMs < this.#askAgainMs : this.#patienceMs <= 0;
  }

  /**
   * The bank does not know the token that was sent, which need not be the one to send now.
   *
   * @returns whether another is there, or may be asked for at once
   */
  refused(sent: string | undefined): boolean {
    if (this.#get === undefined || sent === undefined) return false;
    if (sent !== this.#value) return true;
    this.#refused = true;
    return this.#asking !== undefined || this.#mayAsk;
  }

  /**
   * Asks for a new token; those who ask at the same time share the answer.
   *
   * @returns what went wrong; undefined if there is one to send
   */
  async refresh(ms: number, signal: AbortSignal | undefined): Promise<Error | undefined> {
    if (this.#asking === undefined && !this.#mayAsk) return this.#whyNone();
    const late = new Error(`the token function gave none within ${ms} ms`);
    const asking = (this.#asking ??= this.#ask().finally(() => (this.#asking = undefined)));
    const waitMs = this.#usable ? Math.min(ms, this.#patienceMs) : ms;
    const problem = await problemOf(asking, waitMs, signal, late);
    return this.#usable ? undefined : asError(problem);
  }

  /** The bank has not refused it, as far as is known. */
  get #usable(): boolean {
    return this.#value !== undefined && !this.#refused;
  }

  get #mayAsk(): boolean {
    return performance.now() >= this.#askAgainMs;
  }

  /** How much longer an ask under way is waited for while there is a token to send. */
  get #patienceMs(): number {
    // A function that failed before is not waited for again.
    if (this.#problem !== undefined) return 0;
    return Math.max(0, this.#askedAtMs + REFRESH_PATIENCE_MS - performance.now());
  }

  #whyNone(): Error | undefined {
    if (this.#usable) return undefined;
    return asError(
      this.#problem ?? `the bank refused the last one, and none is asked for within ${ASK_INTERVAL_MS} ms`,
    );
  }

  async #ask(): Promise<void> {
    this.#askedAtMs = performance.now();
    const nextMs = this.#askedAtMs + ASK_INTERVAL_MS;
    if (this.#refused) this.#askAgainMs = nextMs;
    try {
      this.#value = checkToken(await inTime(Promise.resolve().then(() => this.#get?.())), 'token');
    } catch (error) {
      this.#problem = error;
      this.#askAgainMs = nextMs;
      throw error;
    }
    this.#problem = undefined;
    this.#refused = false;
    this.#freshUntilMs = performance.now() + TOKEN_FRESH_MS;
  }
}

/** Those who wait have deadlines of their own; this one is for those who come later. */
function inTime<T>(given: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`the token function gave none within ${TOKEN_TIMEOUT_MS} ms`));
    }, TOKEN_TIMEOUT_MS).unref();
    const settle = () => {
      clearTimeout(timer);
    };
    given.finally(settle).then(resolve, reject);
  });
}

/** @throws {@link InvalidArgumentError} that names the field, and does not show the token */
export function checkToken(token: unknown, field: string): string {
  // What was given is not shown.
  if (typeof token === 'string' && TOKEN.test(token)) return token;
  throw invalidField(
    field,
    `a ${typeof token} that is no bearer token given; must be a text of letters, digits and -._~+/`,
  );
}

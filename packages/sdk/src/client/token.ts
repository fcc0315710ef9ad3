import { invalidField } from '../errors/failures.js';
import { waitFor } from './wait.js';

/** How long a token that a function gave is used before it is asked again. */
const TOKEN_FRESH_MS = 10_000;

/** How long the function may take; then it is asked anew, or one that hangs once would end all calls for ever. */
const TOKEN_TIMEOUT_MS = 30_000;

/** What may stand in an HTTP header after `Bearer` (RFC 6750, section 2.1). */
const TOKEN = /^[\w.~+/-]+=*$/;

/**
 * A bearer token, or a function that gives one. The function is asked before the first call, and again for calls that
 * come ten seconds later or after the bank has refused the token.
 */
export type TokenOption = string | (() => string | Promise<string>);

/** The token to send. It stays in here: neither printing the client nor an error shows it. */
export class Token {
  readonly #get: (() => string | Promise<string>) | undefined;
  #value: string | undefined;
  #freshUntilMs = Infinity;
  #asking: Promise<unknown> | undefined;

  /** @throws {@link InvalidArgumentError} if it is neither a token nor a function */
  constructor(option: unknown) {
    if (typeof option === 'function') {
      this.#get = option as () => string | Promise<string>;
      this.#freshUntilMs = 0;
    } else if (option !== undefined) {
      this.#value = checkToken(option);
    }
  }

  /** Undefined for none. */
  get value(): string | undefined {
    return this.#value;
  }

  /** Whether {@link value} may be sent as it is. */
  get fresh(): boolean {
    return this.#freshUntilMs === Infinity || performance.now() < this.#freshUntilMs;
  }

  /** The bank does not know it. */
  refused(): void {
    if (this.#get !== undefined) this.#freshUntilMs = 0;
  }

  /**
   * Asks for a new token; those who ask at the same time share the answer.
   *
   * @returns what went wrong; undefined once it is {@link fresh}
   */
  async refresh(ms: number, signal: AbortSignal | undefined): Promise<Error | undefined> {
    let problem: unknown = new Error(`the token function gave none within ${ms} ms`);
    const asking = (this.#asking ??= this.#ask().finally(() => (this.#asking = undefined)));
    await waitFor(
      (happened) => {
        asking.then(happened, (error: unknown) => {
          problem = error;
          happened();
        });
        return () => undefined;
      },
      ms,
      signal,
    );
    if (this.fresh) return undefined;
    return problem instanceof Error ? problem : new Error(String(problem));
  }

  async #ask(): Promise<void> {
    this.#value = checkToken(await inTime(Promise.resolve().then(() => this.#get?.())));
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

function checkToken(token: unknown): string {
  // What was given is not shown.
  if (typeof token === 'string' && TOKEN.test(token)) return token;
  throw invalidField(
    'token',
    `a ${typeof token} that is no bearer token given; must be a text of letters, digits and -._~+/`,
  );
}

/** How to reach the bank. */
export interface BankOptions {
  /**
   * The branch servers as `host:port`: one, several in a list, or several in one string with commas in between. Any
   * server serves any branch; the client sends each branch's requests to one of them and turns to the next if that one
   * is gone. IPv6 addresses go in brackets: `[::1]:5001`.
   */
  readonly servers: string | readonly string[];
  /**
   * The deadline of every call that does not set its own, in milliseconds: 1 to 2,147,483,647. A verification and a watch,
   * which may take any time, have none by default.
   *
   * @defaultValue 5,000 for reads and 15,000 for writes
   */
  readonly timeoutMs?: number | undefined;
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

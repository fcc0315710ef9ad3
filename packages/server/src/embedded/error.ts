/** Why the embedded PostgreSQL could not be started, found or kept running. */
export type EmbeddedPostgresReason =
  /** A live process owns the data directory. */
  | 'data-dir-in-use'
  /** The data directory cannot be created or written. */
  | 'data-dir-not-writable'
  /** The system user that PostgreSQL runs as cannot get at the data. Only when started as root. */
  | 'data-dir-unreachable'
  /** The data directory names data that is not there, or lacks a part that only a backup can bring back. */
  | 'data-missing'
  /** The data was written by another major version of PostgreSQL. */
  | 'wrong-version'
  /** The disk that holds the data directory is full. */
  | 'disk-full'
  /** PostgreSQL's binaries are not installed, or do not run on this system. */
  | 'binaries-missing'
  /** PostgreSQL refuses to run as root, or as a user without a name, and no other user could be found. */
  | 'no-system-user'
  /** PostgreSQL did not come up; the message quotes its log. */
  | 'start-failed'
  /** PostgreSQL ended although nobody stopped it. */
  | 'exited';

/** What {@link startEmbeddedPostgres} throws. The message is one sentence that says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  /** Which case it is, for programs. */
  readonly reason: EmbeddedPostgresReason;

  constructor(reason: EmbeddedPostgresReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The `code` of a system error such as `ENOENT`, or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Says what a failed system call on something in the data directory `path` means to the person who chose it. Any other
 * error stays what it is.
 */
export function dataDirError(path: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  if (isDiskFull(text)) return diskFullError(path, error);
  if (error instanceof Error && !('syscall' in error)) return error;
  return new EmbeddedPostgresError(
    'data-dir-not-writable',
    `The data directory ${path} cannot be written (${text}); make it writable, or choose another one.`,
    { cause: error },
  );
}

/** Whether a system error or a line of PostgreSQL's says that the disk, or the quota on it, is used up. */
export function isDiskFull(text: string): boolean {
  return /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/i.test(text);
}

export function diskFullError(path: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'disk-full',
    `The disk that holds ${path} is full; make room on it, or choose another data directory.`,
    { cause },
  );
}

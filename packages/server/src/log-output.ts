import { pino } from 'pino';

/** Bytes of log that are written at once: a page, some twenty lines. */
const LOG_BLOCK_BYTES = 4_096;

/** How long a line may wait for others. */
const LOG_DELAY_MS = 250;

/**
 * Writes the log to standard output, in blocks and beside the work: a reader that stalls holds up no commit. What is
 * gathered is written when the process ends, by an uncaught error, too; a process that is killed loses its last lines.
 * The bank's record is the journal, not the log.
 */
export function logOutput() {
  return pino.destination({ sync: false, minLength: LOG_BLOCK_BYTES, periodicFlush: LOG_DELAY_MS });
}

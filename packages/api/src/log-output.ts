import { pino } from 'pino';
import { LOG_BLOCK_BYTES, LOG_DELAY_MS } from './limits.js';

/**
 * Writes the log to standard output, in blocks and beside the work: a reader that stalls holds up no request. What is
 * gathered is written when the process ends, by an uncaught error, too. A process that is killed loses its last lines: at
 * most {@link LOG_DELAY_MS} of them, or what a stalled reader has not taken. The bank's record is the journal, not the log.
 */
export function logOutput() {
  return pino.destination({ sync: false, minLength: LOG_BLOCK_BYTES, periodicFlush: LOG_DELAY_MS });
}

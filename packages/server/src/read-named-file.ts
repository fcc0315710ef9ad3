import { readFileSync } from 'node:fs';
import { StartError } from './start-error.js';

/**
 * The content of a file that the config names.
 *
 * @param what - as the error calls it
 * @throws {@link StartError} if it cannot be read
 */
export function readNamedFile(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(`${what} cannot be read: ${why}`, { cause: error });
  }
}

import { readFileSync } from 'node:fs';
import { asError } from '../errors/as-error.js';
import { invalidField } from '../errors/failures.js';
import { show } from '../errors/show.js';

/**
 * The content of a file that an option or a variable names.
 *
 * @param field - the option or variable
 * @throws {@link InvalidArgumentError} if it cannot be read
 */
export function readNamedFile(path: string, field: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw invalidField(field, `${show(path)} cannot be read: ${asError(error).message}`);
  }
}

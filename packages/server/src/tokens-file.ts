import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';
import { readNamedFile } from './read-named-file.js';
import { StartError } from './start-error.js';

/** How often the file is looked at: a token that was taken out of it lets nobody in for longer than that. */
const LOOK_EVERY_MS = 5_000;

/** Each costs every call a comparison. */
const TOKENS_MAX = 64;

/** Tokens in a file, one in a line. */
export interface TokensFile {
  /** Those that are in it now. */
  readonly known: () => readonly string[];
  close(): void;
}

/**
 * Reads the tokens that let calls in, and reads them again whenever the file has changed; one that has become unusable
 * changes nothing but the log.
 *
 * @throws {@link StartError} if the file cannot be used
 */
export function openTokensFile(path: string, log: Logger): TokensFile {
  let tokens = readTokens(path);
  const listener = () => {
    try {
      tokens = readTokens(path);
      log.info({ tokens: tokens.length }, 'the tokens were read again');
    } catch (error) {
      log.error({ err: error }, 'the tokens cannot be read again: those from before stay');
    }
  };
  watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, listener);
  return {
    known: () => tokens,
    close: () => {
      unwatchFile(path, listener);
    },
  };
}

function readTokens(path: string): readonly string[] {
  const tokens = readNamedFile(path, 'the tokens file')
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (tokens.length === 0 || tokens.length > TOKENS_MAX) {
    throw new StartError(
      `the tokens file ${path} has ${tokens.length} tokens; it must have 1 to ${TOKENS_MAX}, one in a line`,
    );
  }
  const wrong = tokens.findIndex((token) => !/^[\w.~+/-]{16,}=*$/.test(token));
  if (wrong !== -1) {
    throw new StartError(
      `token ${wrong + 1} in ${path} is none: it must have 16 letters, digits or -._~+/ or more`,
    );
  }
  return tokens;
}

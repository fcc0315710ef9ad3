import { readFile } from 'node:fs/promises';
import { invalidField } from '../errors/failures.js';
import { show } from '../errors/show.js';
import { parseServers } from './addresses.js';
import { checkTimeout } from './arguments.js';
import type { BankOptions } from './options.js';
import { readNamedFile } from './read-named-file.js';
import type { TlsOptions } from './tls.js';
import { checkToken } from './token.js';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The options that environment variables say, as {@link Bank.fromEnv} takes them; an empty variable counts as unset.
 *
 * @param given - the options of the program: the variables that mean these are not read
 * @throws {@link InvalidArgumentError} that names the variable
 */
export function bankOptionsFromEnv(env: Environment, given: Partial<BankOptions> = {}): BankOptions {
  const read = (name: string) => (env[name] === '' ? undefined : env[name]);
  const servers = given.servers ?? read('GIRO_SERVERS');
  if (servers === undefined) {
    throw invalidField('GIRO_SERVERS', "missing; must be the servers' addresses such as 'localhost:5001'");
  }
  if (given.servers === undefined) parseServers(servers, 'GIRO_SERVERS');
  return {
    servers,
    tls: given.tls ?? tlsFrom(read),
    token: given.token ?? tokenFrom(read),
    allowTokenOverPlaintext: given.allowTokenOverPlaintext ?? flag('GIRO_ALLOW_TOKEN_OVER_PLAINTEXT', read),
    timeoutMs: given.timeoutMs ?? timeoutFrom('GIRO_TIMEOUT_MS', read),
  };
}

type Read = (name: string) => string | undefined;

function tlsFrom(read: Read): boolean | TlsOptions | undefined {
  const wanted = flag('GIRO_TLS', read);
  const [caFile, certFile, keyFile] = ['GIRO_TLS_CA_FILE', 'GIRO_TLS_CERT_FILE', 'GIRO_TLS_KEY_FILE'].map(
    (name) => {
      const path = read(name);
      // The client would name its option, not the variable.
      if (path !== undefined) readNamedFile(path, name);
      return path;
    },
  );
  const serverName = read('GIRO_TLS_SERVER_NAME');
  const settings = { caFile, certFile, keyFile, serverName };
  if (Object.values(settings).every((each) => each === undefined)) return wanted;
  if (wanted === false)
    throw invalidField('GIRO_TLS', 'false contradicts the other GIRO_TLS_… variables; unset one side');
  return settings;
}

/** A token in a file is read anew when it is needed: whoever mounts it may replace it. */
function tokenFrom(read: Read): BankOptions['token'] {
  const token = read('GIRO_TOKEN');
  const path = read('GIRO_TOKEN_FILE');
  if (token !== undefined && path !== undefined) {
    throw invalidField('GIRO_TOKEN', 'given beside GIRO_TOKEN_FILE; unset one of them');
  }
  if (path !== undefined)
    return async () => checkToken((await readFile(path, 'utf8')).trim(), 'GIRO_TOKEN_FILE');
  return token === undefined ? undefined : checkToken(token, 'GIRO_TOKEN');
}

function flag(name: string, read: Read): boolean | undefined {
  const text = read(name);
  if (text === undefined || text === 'true' || text === 'false')
    return text === undefined ? undefined : text === 'true';
  throw invalidField(name, `${show(text)} given; must be 'true' or 'false'`);
}

function timeoutFrom(name: string, read: Read): number | undefined {
  const text = read(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw invalidField(name, `${show(text)} given; must be milliseconds`);
  return checkTimeout(Number(text), name);
}

import { invalidField } from '../errors/failures.js';
import { parseServers } from './addresses.js';
import { checkBoolean, checkFields, checkItems, checkTimeout, mustBe } from './arguments.js';
import type { CallerOptions } from './caller.js';
import type { Interceptor } from './interceptor.js';
import { logCalls, type Logger } from './log-calls.js';
import type { BankOptions } from './options.js';
import { checkTls } from './tls.js';
import { Token } from './token.js';

/** More than anybody needs: each costs every call. */
const INTERCEPTORS_MAX = 32;

/**
 * Reads what the constructor of the client is given.
 *
 * @param given - {@link BankOptions}, or their `servers` alone
 * @throws {@link InvalidArgumentError} that names the option, or both of two that contradict each other
 */
export function checkBankOptions(given: unknown): CallerOptions {
  const fields = typeof given === 'string' || given instanceof URL ? { servers: String(given) } : given;
  const options = checkFields(fields, 'options');
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(KNOWN, name))
      throw invalidField(name, `no such option; there are ${Object.keys(KNOWN).join(', ')}`);
  }
  const { servers, tls: tlsOption, token: tokenOption, allowTokenOverPlaintext = false, timeoutMs } = options;
  const target = parseServers(servers);
  const logger = options['logger'] === undefined ? undefined : checkLogger(options['logger']);
  const tls = checkTls(tlsOption, target.tls, logger);
  const token = new Token(tokenOption);
  const mayBeSeen = checkBoolean(allowTokenOverPlaintext, 'allowTokenOverPlaintext');
  if (tokenOption !== undefined && tls === undefined && !mayBeSeen) {
    const remedy = 'set tls, or allowTokenOverPlaintext where nobody else can listen';
    throw invalidField('token', `given without tls, so that everybody on the way could read it; ${remedy}`);
  }
  return {
    addresses: target.addresses,
    names: target.names,
    tls,
    token,
    timeoutMs: checkTimeout(timeoutMs, 'timeoutMs'),
    interceptors: interceptorsOf(options['interceptors'], logger),
  };
}

/** All options there are, so that a mistyped one is told of. */
const KNOWN: Readonly<Record<keyof BankOptions, true>> = {
  servers: true,
  tls: true,
  token: true,
  allowTokenOverPlaintext: true,
  timeoutMs: true,
  interceptors: true,
  logger: true,
};

function interceptorsOf(interceptors: unknown, logger: Logger | undefined): Interceptor[] {
  const given =
    interceptors === undefined
      ? []
      : checkItems(interceptors, 'interceptors', { min: 0, max: INTERCEPTORS_MAX }, (each, field) => {
          if (typeof each !== 'function') throw mustBe(field, 'a function', each);
          return each as Interceptor;
        });
  // Innermost, so that it tells what the others made of the call.
  return logger === undefined ? given : [...given, logCalls(logger)];
}

function checkLogger(logger: unknown): Logger {
  const methods: object = typeof logger === 'object' && logger !== null ? logger : {};
  const typeOf = (method: keyof Logger) => typeof Reflect.get(methods, method);
  if (typeOf('warn') !== 'function' || !['function', 'undefined'].includes(typeOf('debug')))
    throw mustBe('logger', 'an object with the function warn and, if wanted, debug', logger);
  return logger as Logger;
}

import { Command, InvalidArgumentError, Option } from 'commander';
import { isCurrency } from '@giro/sdk/protocol';
import { addOperatorCommands, type OperatorTask, type SharedOptions } from './operate/tasks.js';

/** What `giro-server` is told by flags and environment; flags win. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Unset: the server runs PostgreSQL of its own in {@link dataDir}. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** How long to wait at start for a database that is not there yet. */
  readonly databaseWaitMs: number;
  /** Where to tell metrics and readiness by HTTP; unset: nowhere. */
  readonly metricsPort: number | undefined;
  readonly currency: string;
  readonly logLevel: string;
  /** Goes with {@link tlsKeyFile}; without them the server speaks plaintext. */
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  /** Unset: clients need no certificate. */
  readonly tlsClientCaFile: string | undefined;
  /** Unset: calls need no token. */
  readonly tokensFile: string | undefined;
}

/** A database that is installed together with its servers, or fails over, is there within minutes. */
const DATABASE_WAIT_MS = 5 * 60_000;

/** A day: whoever wants to wait longer has forgotten something. */
const DATABASE_WAIT_MS_MAX = 24 * 60 * 60_000;

/** What the command line asks for. */
export interface Invocation {
  readonly config: ServerConfig;
  /** Set if it is not to serve. */
  readonly task: OperatorTask | undefined;
}

/** Reads the command line. Prints help, or what is wrong, and ends the process where there is nothing to run. */
export function readConfig(argv: readonly string[], version: string): Invocation {
  let task: OperatorTask | undefined;
  const program = new Command('giro-server')
    .description('A Giro branch server: a double-entry ledger over gRPC, on PostgreSQL.')
    .version(version)
    .addOption(new Option('--host <address>', 'where to listen').env('GIRO_HOST').default('127.0.0.1'))
    .addOption(
      new Option('--port <number>', 'gRPC port, 0 for any free one')
        .env('GIRO_PORT')
        .default(5001)
        .argParser(parsePort),
    )
    .addOption(SHARED.databaseUrl())
    .addOption(SHARED.databaseWait())
    .addOption(SHARED.dataDir())
    .addOption(
      new Option(
        '--metrics-port <number>',
        'HTTP port of /metrics, /livez and /readyz; without it there is none',
      )
        .env('GIRO_METRICS_PORT')
        .argParser(parsePort),
    )
    .addOption(
      new Option('--currency <code>', "currency of the seed's interface")
        .env('GIRO_CURRENCY')
        .default('USD')
        .argParser(parseCurrency),
    )
    .addOption(
      new Option('--log-level <level>', 'how much to log')
        .env('GIRO_LOG_LEVEL')
        .choices(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
        .default('info'),
    );
  addSecurityOptions(program);
  program.action(() => undefined);
  addOperatorCommands(program, SHARED, (chosen) => {
    task = chosen;
  });
  for (const command of [program, ...program.commands]) forgetEmptyVariables(command);
  const config = program.parse(argv).opts<ServerConfig>();
  return { config, task };
}

/** Who is let in, and how they are spoken to. */
function addSecurityOptions(program: Command): void {
  program
    .addOption(
      new Option(
        '--tls-cert-file <path>',
        'certificate chain, PEM; without it the server speaks plaintext',
      ).env('GIRO_TLS_CERT_FILE'),
    )
    .addOption(
      new Option('--tls-key-file <path>', 'private key of the certificate, PEM').env('GIRO_TLS_KEY_FILE'),
    )
    .addOption(
      new Option(
        '--tls-client-ca-file <path>',
        'authorities of whose certificates each client has to have one, PEM',
      ).env('GIRO_TLS_CLIENT_CA_FILE'),
    )
    .addOption(
      new Option('--tokens-file <path>', 'bearer tokens, one in a line, of which every call needs one').env(
        'GIRO_TOKENS_FILE',
      ),
    );
}

/** Options that serving shares with an operator's commands. */
const SHARED: SharedOptions = {
  databaseUrl: () =>
    new Option(
      '--database-url <url>',
      'PostgreSQL 15 or later; without it the server runs PostgreSQL of its own in the data directory',
    ).env('DATABASE_URL'),
  databaseWait: () =>
    new Option(
      '--database-wait-ms <number>',
      'how long to wait at start for a database that is not there yet; 0 fails at once',
    )
      .env('GIRO_DATABASE_WAIT_MS')
      .default(DATABASE_WAIT_MS)
      .argParser(parseWait),
  dataDir: () =>
    new Option('--data-dir <path>', 'where PostgreSQL of its own keeps the books')
      .env('GIRO_DATA_DIR')
      .default('.giro'),
};

/** `NAME=` in a compose file or a manifest means that the variable is not set. */
function forgetEmptyVariables({ options }: Command): void {
  for (const { envVar } of options) {
    if (envVar !== undefined && process.env[envVar] === '') Reflect.deleteProperty(process.env, envVar);
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535; 0 takes any free port.');
}

function parseWait(text: string): number {
  const waitMs = Number(text);
  if (/^\d+$/.test(text) && waitMs <= DATABASE_WAIT_MS_MAX) return waitMs;
  throw new InvalidArgumentError(`It must be a number of milliseconds, 0 to ${DATABASE_WAIT_MS_MAX}.`);
}

function parseCurrency(code: string): string {
  if (isCurrency(code)) return code;
  throw new InvalidArgumentError('It must be an ISO 4217 code such as USD.');
}

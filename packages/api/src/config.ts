import { Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };

/** What `giro-api` is told by flags and environment. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** gRPC addresses with commas in between. */
  readonly servers: string;
  /** Where to tell metrics and readiness; unset: nowhere but `/readyz`. */
  readonly metricsPort: number | undefined;
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Reads flags, then environment, then defaults; on `--help` or a wrong value it writes and ends the process. */
export function readConfig(argv: readonly string[]): Config {
  return new Command('giro-api')
    .description('The REST API of the Giro bank.')
    .version(manifest.version)
    .addOption(
      new Option('--port <number>', 'TCP port to listen on; 0 takes a free one')
        .env('GIRO_API_PORT')
        .default(5002)
        .argParser(portOf),
    )
    .addOption(
      new Option('--host <address>', 'address to listen on; 0.0.0.0 for all')
        .env('GIRO_API_HOST')
        .default('127.0.0.1'),
    )
    .addOption(
      new Option(
        '--servers <addresses>',
        'branch servers as host:port, with commas in between; the host host-gateway is the machine around this container',
      )
        .env('GIRO_SERVERS')
        .default('localhost:5001'),
    )
    .addOption(
      new Option('--metrics-port <number>', 'port of /metrics, /livez and /readyz; without it there is none')
        .env('GIRO_METRICS_PORT')
        .argParser(portOf),
    )
    .addOption(
      new Option('--log-level <level>', 'what to log')
        .env('GIRO_LOG_LEVEL')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .addHelpText(
      'after',
      '\nSIGTERM and SIGINT stop it: requests in flight are finished first, for at most 17 seconds.',
    )
    .parse(argv)
    .opts<Config>();
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('It is a number, 0 to 65535.');
  return port;
}

import { Command, InvalidArgumentError, Option } from 'commander';
import { ACTIVE_ACCOUNTS, BRANCHES } from './accounts.js';

/** What `npm run bench` is told. */
export interface BenchOptions {
  readonly runs: number;
  readonly seconds: number;
  readonly only?: RegExp;
  /** Transfers to store before everything is measured once more. */
  readonly grow?: number;
  /** Accounts that there are then. */
  readonly accounts: number;
  /** How long to keep the bank under full load, in milliseconds. */
  readonly soak?: number;
}

export function parseOptions(argv: readonly string[]): BenchOptions {
  const count = (flags: string, description: string) => new Option(flags, description).argParser(parseCount);
  const { quick, ...options } = new Command('npm run bench --')
    .description('Measures the bank against what its database and its peers can do on this machine.')
    .addOption(count('--runs <count>', 'runs of each point').default(5))
    .addOption(count('--seconds <count>', 'how long each run takes').default(3))
    .addOption(new Option('--only <regex>', 'only the points whose id matches').argParser(parseRegex))
    .option('--quick', 'one run of 2 seconds of each point')
    .addOption(count('--grow <count>', 'then store so many transfers, such as 10M, and measure again'))
    .addOption(
      new Option('--accounts <count>', 'accounts that the stored transfers are between')
        .argParser(parseAccounts)
        .default(ACTIVE_ACCOUNTS, ACTIVE_ACCOUNTS.toLocaleString('en')),
    )
    .addOption(new Option('--soak <time>', 'instead: full load for 10m, say').argParser(parseTime))
    .option('--no-build', 'measure what was built before')
    .parse(argv)
    .opts<BenchOptions & { quick?: true }>();
  return quick === true ? { ...options, runs: 1, seconds: 2 } : options;
}

/** `1000`, `10k` or `10M`. */
function parseCount(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})([kM]?)$/.exec(text) ?? [];
  const count = Number(digits) * (unit === 'M' ? 1_000_000 : unit === 'k' ? 1_000 : 1);
  if (count >= 1) return count;
  throw new InvalidArgumentError('It must be a whole number of 1 or more, such as 5, 10k or 10M.');
}

function parseAccounts(text: string): number {
  const count = parseCount(text);
  if (count >= ACTIVE_ACCOUNTS && count % BRANCHES === 0) return count;
  throw new InvalidArgumentError(`It must be ${ACTIVE_ACCOUNTS} or more, and a multiple of ${BRANCHES}.`);
}

/** `30s` or `10m`, to milliseconds. */
function parseTime(text: string): number {
  const [, digits = '', unit] = /^(\d{1,4})([sm])$/.exec(text) ?? [];
  const timeMs = Number(digits) * (unit === 'm' ? 60_000 : 1_000);
  if (timeMs > 0) return timeMs;
  throw new InvalidArgumentError('It must be a time such as 30s or 10m.');
}

function parseRegex(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new InvalidArgumentError('It must be a regular expression.');
  }
}

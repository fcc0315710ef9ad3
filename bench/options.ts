import { Command, InvalidArgumentError, Option } from 'commander';

/** What `npm run bench` is told. */
export interface BenchOptions {
  readonly runs: number;
  readonly seconds: number;
  readonly only?: RegExp;
}

export function parseOptions(argv: readonly string[]): BenchOptions {
  const { quick, ...options } = new Command('npm run bench --')
    .description('Measures the bank against what its database and its peers can do on this machine.')
    .addOption(new Option('--runs <number>', 'runs of each point').default(5).argParser(parseCount))
    .addOption(new Option('--seconds <number>', 'how long each run takes').default(3).argParser(parseCount))
    .addOption(new Option('--only <regex>', 'only the points whose id matches').argParser(parseRegex))
    .option('--quick', 'one run of 2 seconds of each point')
    .option('--no-build', 'measure what was built before')
    .parse(argv)
    .opts<BenchOptions & { quick?: true }>();
  return quick === true ? { ...options, runs: 1, seconds: 2 } : options;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d{1,4}$/.test(text) && count >= 1) return count;
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
}

function parseRegex(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new InvalidArgumentError('It must be a regular expression.');
  }
}

import { Option, type Command } from 'commander';

/** What `giro-server` is to do instead of serving. */
export type OperatorTask =
  | { readonly kind: 'migrate'; readonly databaseUrl: string; readonly databaseWaitMs: number }
  | { readonly kind: 'verify'; readonly databaseUrl: string | undefined; readonly dataDir: string }
  | { readonly kind: 'move'; readonly from: string; readonly to: string };

/** Options that the tasks share with serving. */
export interface SharedOptions {
  readonly databaseUrl: () => Option;
  readonly databaseWait: () => Option;
  readonly dataDir: () => Option;
}

/**
 * Adds the commands of an operator to a command line.
 *
 * @param choose - hears of the one that was given, if any
 */
export function addOperatorCommands(
  program: Command,
  { databaseUrl, databaseWait, dataDir }: SharedOptions,
  choose: (task: OperatorTask) => void,
): void {
  // An option after a command is the command's.
  program.enablePositionalOptions();
  program
    .command('migrate')
    .description('Make or update the schema of a database, spread it over nodes where it is Citus, and end.')
    .addOption(databaseUrl().makeOptionMandatory())
    .addOption(databaseWait())
    .action((options: Omit<Extract<OperatorTask, { kind: 'migrate' }>, 'kind'>) => {
      choose({ kind: 'migrate', ...options });
    });
  program
    .command('verify')
    .description('Verify the books of all branches from their first entry on; exit code 1 if any do not fit.')
    .addOption(databaseUrl())
    .addOption(dataDir())
    .action((options: Omit<Extract<OperatorTask, { kind: 'verify' }>, 'kind'>) => {
      choose({ kind: 'verify', ...options });
    });
  program
    .command('move')
    .description(
      'Copy the books of a stopped server from its data directory to an empty database, and verify them.',
    )
    .addOption(new Option('--from <path>', 'data directory of the embedded PostgreSQL').makeOptionMandatory())
    .addOption(
      new Option('--to <url>', 'the database to move to; its books must be empty').makeOptionMandatory(),
    )
    .action((options: Omit<Extract<OperatorTask, { kind: 'move' }>, 'kind'>) => {
      choose({ kind: 'move', ...options });
    });
}

import {
  AccountServiceService,
  BranchServiceService,
  JournalServiceService,
  seed,
  TransferServiceService,
} from '@giro/sdk/protocol';

/** A call as the protocol names it: `transfer`, `getBalances`, `watchEntries`, … */
export type CallName =
  | keyof BranchServiceService
  | keyof AccountServiceService
  | keyof TransferServiceService
  | keyof JournalServiceService
  | keyof typeof seed.BankService;

const SERVICES = [
  BranchServiceService,
  AccountServiceService,
  TransferServiceService,
  JournalServiceService,
  seed.BankService,
];

const NAMES_BY_PATH = new Map(
  SERVICES.flatMap((service) =>
    Object.entries<{ readonly path: string }>(service).map(([name, { path }]) => [path, name]),
  ),
);

const NAMES: ReadonlySet<string> = new Set(NAMES_BY_PATH.values());

export function isCallName(name: string): name is CallName {
  return NAMES.has(name);
}

/** Tells whether a path is one of the bank's own, and not of health checks or reflection. */
export function isBankCall(path: string): boolean {
  return NAMES_BY_PATH.has(path);
}

/**
 * What a call is, and of a batch, what is in it: clients send writes together that were begun while another was on its
 * way.
 *
 * @param message - the bytes of the request
 */
export function callNames(path: string, message: Buffer): ReadonlySet<string> {
  const names = new Set([NAMES_BY_PATH.get(path) ?? path]);
  if (path !== TransferServiceService.executeBatch.path) return names;
  for (const { command } of commandsIn(message)) {
    if (command !== undefined) names.add(command.$case === 'group' ? 'executeGroup' : command.$case);
  }
  return names;
}

function commandsIn(message: Buffer) {
  try {
    return TransferServiceService.executeBatch.requestDeserialize(message).commands;
  } catch {
    // Nothing is known of what cannot be read; the server itself refuses it.
    return [];
  }
}

import { Bank } from '@giro/sdk';

/** A bank that an example runs against. */
export interface OpenedBank extends AsyncDisposable {
  readonly bank: Bank;
  /** `host:port` of each server. */
  readonly servers: string;
}

/** What every example takes on its command line. */
export const BANK_OPTIONS = {
  servers: { type: 'string', default: 'localhost:5001,localhost:5011,localhost:5021' },
  'test-bank': { type: 'boolean', default: false },
} as const;

/** Opens the bank that `npm start` runs, or with `--test-bank` one in this process. */
export async function openBank(options: {
  readonly servers: string;
  readonly 'test-bank': boolean;
}): Promise<OpenedBank> {
  if (!options['test-bank']) return opened(options.servers);
  const { startTestBank } = await import('@giro/server/testing');
  const testBank = await startTestBank({ servers: 3 });
  return opened(testBank.addresses.join(','), () => testBank.close());
}

function opened(servers: string, end: () => Promise<void> = () => Promise.resolve()): OpenedBank {
  const bank = new Bank({ servers });
  return {
    bank,
    servers,
    [Symbol.asyncDispose]: async () => {
      await bank.close();
      await end();
    },
  };
}

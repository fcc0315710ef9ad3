import type { BankOperation } from './bank-operation.js';
import type { Load } from './closed-loop.js';
import type { Watched } from './cpu.js';
import type { FloorShape } from './floor.js';

/** What a load process is asked to do. */
export type Job =
  | { readonly kind: 'fill'; readonly server: string }
  | { readonly kind: 'addAccounts'; readonly server: string; readonly count: number }
  | {
      readonly kind: 'addTransfers';
      readonly server: string;
      readonly count: number;
      /** Accounts that they are between. */
      readonly accounts: number;
    }
  | { readonly kind: 'soak'; readonly server: string; readonly durationMs: number; readonly watched: Watched }
  | ({ readonly kind: 'bank'; readonly server: string; readonly operation: BankOperation } & Load)
  | ({ readonly kind: 'floor'; readonly url: string; readonly shape: FloorShape } & Omit<Load, 'callers'>)
  | ({ readonly kind: 'rest'; readonly url: string } & Load)
  | ({ readonly kind: 'grpc'; readonly address: string } & Load)
  | { readonly kind: 'flush'; readonly dir: string; readonly durationMs: number };

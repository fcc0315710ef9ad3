import type { BankOperation } from './bank-operation.js';
import type { Load } from './closed-loop.js';
import type { FloorShape } from './floor.js';

/** What a load process is asked to do. */
export type Job =
  | { readonly kind: 'fill'; readonly server: string }
  | ({ readonly kind: 'bank'; readonly server: string; readonly operation: BankOperation } & Load)
  | ({ readonly kind: 'floor'; readonly url: string; readonly shape: FloorShape } & Omit<Load, 'callers'>)
  | { readonly kind: 'flush'; readonly dir: string; readonly durationMs: number };

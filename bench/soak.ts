import type { Bank } from '@giro/sdk';
import { bankCall, operationsPerCall, type BankOperation } from './bank-operation.js';
import { ClosedLoop } from './closed-loop.js';
import { rssBytes, type Watched } from './cpu.js';
import { formatFigure } from './table.js';

/** What a soak is told of now and then. */
const SECTION_MS = 10_000;

const CALLERS = 1_000;

const OPERATION: BankOperation = { kind: 'transfer', choice: 'uniform' };

/** Keeps a bank under full load, and tells every ten seconds how it does: figures that drift show here. */
export async function soak(bank: Bank, durationMs: number, watched: Watched): Promise<void> {
  const [server = 0] = watched.server;
  const loop = new ClosedLoop(bankCall(bank, OPERATION), operationsPerCall(OPERATION), CALLERS, watched);
  try {
    const sections = Math.ceil(durationMs / SECTION_MS);
    for (let section = 1; section <= sections; section++) {
      const { operations, seconds, p99Ms } = await loop.measure(SECTION_MS);
      const figures = [
        `${(section * SECTION_MS) / 1_000} s`,
        `${formatFigure(operations / seconds)} transfers/s`,
        `p99 ${formatFigure(p99Ms)} ms`,
        `server ${mebibytes(rssBytes(server))}`,
        `client ${mebibytes(process.memoryUsage.rss())}`,
      ];
      console.error(figures.map((figure) => figure.padStart(18)).join(''));
    }
  } finally {
    await loop.stop();
  }
}

function mebibytes(bytes: number | undefined): string {
  return `${formatFigure(bytes === undefined ? undefined : bytes / 2 ** 20)} MiB`;
}

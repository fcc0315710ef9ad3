import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Measurement } from './measurement.js';

/** A page of PostgreSQL's log, which is what a lone commit writes. */
const PAGE_BYTES = 8_192;

/** How far the file grows before it is written over, as PostgreSQL's segments are: 16 MiB. */
const PAGES = 2_048;

/** How often the disk can be made to keep a page: no commit is faster than that, however small. */
export function measureFlushes(parentDir: string, durationMs: number): Measurement {
  const dir = mkdtempSync(join(parentDir, 'flush-'));
  try {
    const file = openSync(join(dir, 'pages'), 'w');
    const page = Buffer.alloc(PAGE_BYTES, 1);
    for (let at = 0; at < PAGES; at++) writeSync(file, page, 0, PAGE_BYTES, at * PAGE_BYTES);
    fdatasyncSync(file);
    const begun = performance.now();
    let flushes = 0;
    while (performance.now() - begun < durationMs) {
      writeSync(file, page, 0, PAGE_BYTES, (flushes++ % PAGES) * PAGE_BYTES);
      fdatasyncSync(file);
    }
    const seconds = (performance.now() - begun) / 1_000;
    closeSync(file);
    return { operations: flushes, seconds };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

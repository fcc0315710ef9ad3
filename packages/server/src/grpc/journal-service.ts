import type { JournalServiceService } from '@giro/sdk/protocol';
import { readEntries } from '../store/read-journal.js';
import { parsePageSize } from './page.js';
import { invalid, parseBranch } from './parse.js';
import type { Services } from './services.js';
import type { UnaryHandlers } from './unary-service.js';
import { wireEntry } from './wire/entry.js';

/** giro.v1.JournalService */
export function journalService({ database }: Services): UnaryHandlers<JournalServiceService> {
  return {
    listEntries: async (request) => {
      const branch = parseBranch(request.branch, 'branch');
      const limit = parsePageSize(request.pageSize);
      const entries = await readEntries(database, branch, parsePosition(request.after), limit);
      return { entries: entries.map(wireEntry) };
    },
  };
}

function parsePosition(position: bigint): number {
  if (position < 0n || position > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw invalid('after', 'must be a position in a journal, or 0');
  }
  return Number(position);
}

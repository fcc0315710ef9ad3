import type { JournalHead as WireJournalHead, JournalServiceService } from '@giro/sdk/protocol';
import type { JournalHead } from '../ledger/seal.js';
import { RequestError } from '../request-error.js';
import { readEntries } from '../store/read-journal.js';
import { parsePageSize } from './page.js';
import { invalid, parseBranch, parsePosition } from './parse.js';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import { wireEntry } from './wire/entry.js';
import { wireHead } from './wire/position.js';

/** Bytes of a seal's hash. */
const HASH_BYTES = 32;

/** giro.v1.JournalService */
export function journalService({ database, watch }: Services): ServiceHandlers<JournalServiceService> {
  return {
    listEntries: async (request) => {
      const branch = parseBranch(request.branch, 'branch');
      const limit = parsePageSize(request.pageSize);
      const after = parsePosition(request.after, 'after');
      return { entries: (await readEntries(database, branch, after, limit)).map(wireEntry) };
    },

    watchEntries: async function* (request, { signal, closed }) {
      const branch = parseBranch(request.branch, 'branch');
      const after = parsePosition(request.after, 'after');
      const seal = request.seal && parseSeal(request.seal, 'seal');
      if (seal !== undefined && seal.position < after) {
        throw invalid('seal.position', 'is before `after`, which the seal is to cover');
      }
      for await (const { entries, head } of watch.watch({ branch, after, seal }, signal, closed)) {
        yield { entries: entries.map(wireEntry), head: wireHead(head) };
      }
    },

    verifyJournal: async function* () {
      await Promise.reject(new RequestError('NOT_FOUND', 'journals cannot be verified yet'));
    },

    getInclusionProof: () => Promise.reject(new RequestError('NOT_FOUND', 'inclusion cannot be proven yet')),
  };
}

function parseSeal({ position, hash }: WireJournalHead, field: string): JournalHead {
  if (hash.length !== HASH_BYTES) throw invalid(`${field}.hash`, `must have ${HASH_BYTES} bytes`);
  return { position: parsePosition(position, `${field}.position`), hash: Buffer.from(hash) };
}

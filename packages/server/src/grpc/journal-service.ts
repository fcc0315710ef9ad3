import type { JournalHead as WireJournalHead, JournalServiceService } from '@giro/sdk/protocol';
import type { JournalHead } from '../ledger/seal.js';
import { parsePageSize } from './page.js';
import { invalid, parseBranch, parsePosition } from './parse.js';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import { wireEntry } from './wire/entry.js';
import { wireInclusionProof } from './wire/inclusion-proof.js';
import { wireHead } from './wire/position.js';
import { wireVerification } from './wire/verification.js';

/** Bytes of a seal's hash. */
const HASH_BYTES = 32;

/** giro.v1.JournalService */
export function journalService(services: Services): ServiceHandlers<JournalServiceService> {
  const { reads, watch, verifications } = services;
  return {
    listEntries: async (request) => {
      const branch = parseBranch(request.branch, 'branch');
      const limit = parsePageSize(request.pageSize);
      const after = parsePosition(request.after, 'after');
      return { entries: (await reads.entries(branch, after, limit)).map(wireEntry) };
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

    verifyJournal: async function* (request) {
      const branch = parseBranch(request.branch, 'branch');
      const seal = request.seal && parseSeal(request.seal, 'seal');
      for await (const event of verifications.verify(branch, seal)) yield wireVerification(event);
    },

    getInclusionProof: async (request) => {
      const branch = parseBranch(request.branch, 'branch');
      const position = parsePosition(request.position, 'position');
      if (position === 0) throw invalid('position', 'must be 1 or more');
      return { proof: wireInclusionProof(await reads.provenEntry(branch, position)) };
    },
  };
}

function parseSeal({ position, hash }: WireJournalHead, field: string): JournalHead {
  if (hash.length !== HASH_BYTES) throw invalid(`${field}.hash`, `must have ${HASH_BYTES} bytes`);
  return { position: parsePosition(position, `${field}.position`), hash: Buffer.from(hash) };
}

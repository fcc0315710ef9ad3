import {
  LOOKUP_ITEMS_MAX,
  type GetTransferRequest,
  type TransferRef as WireTransferRef,
  type TransferServiceService,
} from '@giro/sdk/protocol';
import { RequestError } from '../request-error.js';
import type { TransferRef } from '../store/read-transfers.js';
import { nextPageToken, parsePageSize, parsePageToken } from './page.js';
import { invalid, parseAccount, parseBranch, parseWriteId } from './parse.js';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import { wireGroup } from './wire/group.js';
import { wireHold } from './wire/hold.js';
import { wireTransfer } from './wire/transfer.js';

type TransferReads = Pick<
  ServiceHandlers<TransferServiceService>,
  'getTransfer' | 'getTransfers' | 'getGroup' | 'getHold' | 'listHolds'
>;

/** What tells of transfers, groups and holds. */
export function transferReads({ reads }: Services): TransferReads {
  return {
    getTransfer: async (request) => {
      const ref = parseRef(request, '');
      const [transfer] = await reads.transfers([ref]);
      if (transfer === undefined) {
        const { id } = await reads.branch(ref.branch);
        throw new RequestError('TRANSFER_NOT_FOUND', { branch: String(id), id: ref.id });
      }
      return { transfer: wireTransfer(transfer) };
    },

    getTransfers: async ({ transfers: asked }) => {
      if (asked.length === 0) throw invalid('transfers', 'is empty');
      if (asked.length > LOOKUP_ITEMS_MAX)
        throw invalid('transfers', `has more than ${LOOKUP_ITEMS_MAX} items`);
      const refs = asked.map((ref, index) => parseRef(ref, `transfers[${index}].`));
      const found = await reads.transfers(refs);
      return {
        transfers: found.filter((transfer) => transfer !== undefined).map(wireTransfer),
        missing: refs.filter((_, index) => found[index] === undefined),
      };
    },

    getGroup: async (request) => {
      const { branch, id } = parseRef(request, '');
      return { group: wireGroup(await reads.group(branch, id)) };
    },

    getHold: async (request) => {
      const { branch, id } = parseRef(request, '');
      return { hold: wireHold(await reads.hold(branch, id)) };
    },

    listHolds: async ({ account, includeResolved, pageSize, pageToken }) => {
      const ref = parseAccount(account, 'account');
      const limit = parsePageSize(pageSize);
      const after = parsePageToken(pageToken, Number.MAX_SAFE_INTEGER) ?? 0;
      const holds = await reads.holds({ ...ref, includeResolved, after, limit });
      const token = nextPageToken(holds, limit, ({ position }) => position);
      return { holds: holds.map(wireHold), nextPageToken: token };
    },
  };
}

/** @param path - in front of the names of the fields */
function parseRef({ branch, id }: GetTransferRequest | WireTransferRef, path: string): TransferRef {
  return { branch: parseBranch(branch, `${path}branch`), id: parseWriteId(id, `${path}id`) };
}

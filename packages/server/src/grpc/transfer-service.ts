import type { TransferServiceService } from '@giro/sdk/protocol';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import { transferReads } from './transfer-reads.js';
import { transferWrites } from './transfer-writes.js';

/** giro.v1.TransferService */
export function transferService(services: Services): ServiceHandlers<TransferServiceService> {
  return { ...transferWrites(services), ...transferReads(services) };
}

import type { TransferServiceService } from '@giro/sdk/protocol';
import type { Services } from './services.js';
import { transferReads } from './transfer-reads.js';
import { transferWrites } from './transfer-writes.js';
import type { UnaryHandlers } from './unary-service.js';

/** giro.v1.TransferService */
export function transferService(services: Services): UnaryHandlers<TransferServiceService> {
  return { ...transferWrites(services), ...transferReads(services) };
}

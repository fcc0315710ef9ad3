import { accountRoutes } from './accounts.js';
import { batchRoutes } from './batches.js';
import { branchRoutes } from './branches.js';
import { documentRoute } from './document.js';
import { healthRoutes } from './health.js';
import { journalRoutes } from './journal.js';
import { seedRoutes } from './seed.js';
import { transferRoutes } from './transfers.js';

const described = [
  ...branchRoutes,
  ...accountRoutes,
  ...transferRoutes,
  ...batchRoutes,
  ...journalRoutes,
  ...seedRoutes,
  ...healthRoutes,
];

/** Everything the API serves. */
export const routes = [...described, documentRoute(described)];

import { accountChangeRoutes } from './account-changes.js';
import { accountRoutes } from './accounts.js';
import { balanceRoutes } from './balances.js';
import { batchRoutes } from './batches.js';
import { branchRoutes } from './branches.js';
import { documentRoute } from './document.js';
import { groupRoutes } from './groups.js';
import { healthRoutes } from './health.js';
import { holdRoutes } from './holds.js';
import { journalRoutes } from './journal.js';
import { seedRoutes } from './seed.js';
import { transferRoutes } from './transfers.js';
import { trialBalanceRoutes } from './trial-balances.js';
import { verificationRoutes } from './verifications.js';
import { writeRoutes } from './writes.js';

const described = [
  ...branchRoutes,
  ...accountRoutes,
  ...accountChangeRoutes,
  ...balanceRoutes,
  ...transferRoutes,
  ...holdRoutes,
  ...groupRoutes,
  ...batchRoutes,
  ...writeRoutes,
  ...journalRoutes,
  ...verificationRoutes,
  ...trialBalanceRoutes,
  ...seedRoutes,
  ...healthRoutes,
];

/** Everything the API serves. */
export const routes = [...described, documentRoute(described)];

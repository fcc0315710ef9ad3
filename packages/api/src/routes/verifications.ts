import { z } from 'zod';
import { answer, defineRoute, eventAnswer } from '../http/route.js';
import { branchIdText } from '../json/ids.js';
import { toVerificationJson, verificationInput, verificationSchema } from '../json/verification.js';
import { verificationEvents } from '../json/verification-events.js';
import { VERIFY_TIMEOUT_MS } from '../limits.js';
import { READ_REASONS } from './reasons.js';

const verifyJournal = defineRoute({
  method: 'post',
  path: '/v1/branches/{branch}/verification',
  operationId: 'verifyJournal',
  tag: 'Journal',
  summary: "Recompute a branch's seals, counters and balances from position 1",
  description: `Answers when it is done, within ${VERIFY_TIMEOUT_MS / 1_000} seconds. For long journals, ask for events with \`Accept: text/event-stream\`: there is no deadline then. A journal that does not fit is an answer too, and no error. It changes nothing.`,
  bodyOptional: true,
  request: { params: z.object({ branch: branchIdText }), body: verificationInput },
  responses: {
    200: {
      description: 'Whether all is well, or the first position that does not fit.',
      schema: verificationSchema,
      events:
        'Events `progress`, whose data has `position` and `lastPosition`, and then one `result`, whose data is the Verification; or a `problem`, whose data is a Problem.',
    },
  },
  reasons: [...READ_REASONS, 'OVERLOADED', 'BRANCH_NOT_FOUND'],
  handler: async ({ params: { branch }, body: { seal } }, { bank, reads, wantsEvents }) => {
    if (!wantsEvents) {
      const options = { ...reads, timeoutMs: VERIFY_TIMEOUT_MS };
      return answer(200, toVerificationJson(await bank.journal.verify({ branch, seal }, options)));
    }
    await bank.branches.get(branch, reads);
    return eventAnswer(200, (signal) =>
      verificationEvents((onProgress) => bank.journal.verify({ branch, seal, onProgress }, { signal })),
    );
  },
});

export const verificationRoutes = [verifyJournal];

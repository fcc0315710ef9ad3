import { expect, test } from 'vitest';
import { connectionProblem } from './connection-problem.js';

const before = 'No connection established. Last error: ';

test.for<[string, boolean, string]>([
  [
    'connect ECONNREFUSED 127.0.0.1:1 (2026-11-23T11:45:30.548Z). Resolution note: ',
    false,
    'connect ECONNREFUSED',
  ],
  ['Failed to connect (2026-11-23T11:45:30.548Z). Resolution note: ', false, 'set `tls` or write grpcs://'],
  [
    'Error: 80AC:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../x.c:350:\n.',
    true,
    'leave `tls` out',
  ],
  ['Error: self-signed certificate. Resolution note: ', true, 'give the authority as `tls.ca`'],
  [
    "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames",
    true,
    '`tls.serverName`',
  ],
  [
    '80A:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../x.c:1601',
    true,
    '`tls.cert` and `tls.key`',
  ],
])('%s', ([details, tls, told]) => {
  const problem = connectionProblem(before + details, 'bank.example:5001', tls);
  expect(problem).toContain(told);
  expect(problem).not.toMatch(/Last error|Resolution note/);
});

/**
 * Why a connection could not be made, and what to do: grpc-js hands on the words of OpenSSL and the system.
 *
 * @param details - of the status that grpc-js gives
 */
export function connectionProblem(details: string, address: string, tls: boolean): string {
  const said = details
    .replace(/^No connection established\. Last error: (?:Error(?: \[\w+\])?: )?/, '')
    .replace(/\s*Resolution note:\s*$/, '')
    .trim();
  const known = (tls ? tlsProblems : plaintextProblems).find(([pattern]) => pattern.test(details));
  return known === undefined ? said : `${address} ${known[1]} (${said})`;
}

type Problem = readonly [pattern: RegExp, meaning: string];

const plaintextProblems: readonly Problem[] = [
  [
    // A server that is asked for TLS and hears HTTP/2 hangs up without a word.
    /Last error: Failed to connect/,
    'took the connection and dropped it again: if it speaks TLS, set `tls` or write grpcs://',
  ],
];

const tlsProblems: readonly Problem[] = [
  [/wrong version number|packet length too long/, 'does not speak TLS: leave `tls` out, or write grpc://'],
  [
    /self-signed certificate|unable to (?:verify|get)|issuer certificate/,
    'has a certificate of an unknown authority: give the authority as `tls.ca`',
  ],
  [
    /ALTNAME_INVALID|does not match certificate/,
    'has a certificate for another name: reach it by that name, or give the name as `tls.serverName`',
  ],
  [/certificate has expired|not yet valid/, 'has a certificate that is not valid now'],
  [
    /certificate required|handshake failure|bad certificate|unknown ca/,
    'does not accept this client: give a certificate that it knows as `tls.cert` and `tls.key`',
  ],
];

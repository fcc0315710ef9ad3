import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '@giro/sdk/protocol';
import type { Metadata } from '@grpc/grpc-js';
import { RequestError } from '../request-error.js';

/** Gives the tokens that let calls in, as they are at the time. */
export type KnownTokens = () => readonly string[];

/**
 * Makes the check that a call comes with a known bearer token.
 *
 * @returns throws a {@link RequestError} with UNAUTHENTICATED
 */
export function requireToken(known: KnownTokens): (metadata: Metadata) => void {
  let hashed: { readonly tokens: readonly string[]; readonly hashes: readonly Buffer[] } | undefined;
  return (metadata) => {
    const tokens = known();
    if (hashed?.tokens !== tokens) hashed = { tokens, hashes: tokens.map(hashOf) };
    const [header] = metadata.get('authorization');
    if (header === undefined) throw unauthenticated('there is no token');
    const token = /^Bearer +(\S+)$/i.exec(String(header))?.[1];
    if (token === undefined) throw unauthenticated("the authorization is no 'Bearer' and a token");
    const given = hashOf(token);
    // How long it takes must not tell how much of a token was right.
    if (!hashed.hashes.some((hash) => timingSafeEqual(hash, given))) {
      throw unauthenticated('the token is not known');
    }
  };
}

function hashOf(token: string): Buffer {
  return sha256(token);
}

function unauthenticated(problem: string): RequestError {
  return new RequestError('UNAUTHENTICATED', problem);
}

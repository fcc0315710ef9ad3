import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { attempt } from './attempt.js';
import { firstAttempt } from './attempts.js';
import type { Caller } from './caller.js';
import type { CallOptions } from './options.js';
import { checkReadNotAborted } from './persist.js';
import type { Server } from './server.js';

/** How the bank's servers are. */
export interface Health {
  /** Whether at least one server takes calls. */
  readonly serving: boolean;
  readonly servers: readonly ServerHealth[];
}

/** How one server is. */
export interface ServerHealth {
  /** `host:port` */
  readonly address: string;
  /** `NOT_SERVING` while it starts, stops, or lacks its database; `UNREACHABLE` if it gave no answer in time. */
  readonly status: 'SERVING' | 'NOT_SERVING' | 'UNREACHABLE';
  /** How long the answer took, in milliseconds. */
  readonly ms: number;
  /** Why it could not be reached, in one sentence. */
  readonly problem?: string;
}

/** Asks every server once. */
export function healthOf(caller: Caller, options?: CallOptions): Promise<Health> {
  return caller.track(async () => {
    const { servers, limits } = await caller.servers(options, 'health()');
    const asked = await Promise.all(servers.map((server) => askServer(server, limits)));
    checkReadNotAborted(limits.signal, 'health()');
    return { serving: asked.some(({ status }) => status === 'SERVING'), servers: asked };
  });
}

async function askServer(
  server: Server,
  limits: Awaited<ReturnType<Caller['servers']>>['limits'],
): Promise<ServerHealth> {
  const startedMs = performance.now();
  const terms = {
    method: check,
    made: firstAttempt,
    read: (status: number) => status,
    hurry: false,
    ...limits,
  };
  // The request names no service, which asks for the server as a whole, and so is empty.
  const attempted = await attempt(server, new Uint8Array(), terms);
  const ms = performance.now() - startedMs;
  const { address } = server;
  if (attempted.kind === 'failed')
    return { address, status: 'UNREACHABLE', ms, problem: attempted.failure.message };
  return { address, status: attempted.result === SERVING ? 'SERVING' : 'NOT_SERVING', ms };
}

/** https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
const check = { path: '/grpc.health.v1.Health/Check', decode: statusFrom };

const SERVING = 1;

/** `status` is the first and only field of HealthCheckResponse. */
function statusFrom(bytes: Uint8Array): number {
  const reader = new BinaryReader(bytes);
  let status = 0;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1 && wireType === WireType.Varint) status = reader.int32();
    else reader.skip(wireType);
  }
  return status;
}

import { ServerInterceptingCall, ServerListenerBuilder, type ServerInterceptor } from '@grpc/grpc-js';
import { statusFor } from '../grpc/status.js';
import { isBankCall } from './call-names.js';
import type { Fate, IncomingCall } from './injected-faults.js';

/** Where the faults come from, and the connections that they cut. */
export interface FaultSource {
  befalling(call: Omit<IncomingCall, 'server'>): Fate;
  /** Cuts the connection of a client, by its port. */
  cut(port: number | undefined): void;
}

const UNHARMED: Fate = { latencyMs: 0, blow: undefined };

/** Lets faults befall calls, between the network and the handlers. */
export function faultInterceptor(source: FaultSource): ServerInterceptor {
  return ({ path }, call) => {
    if (!isBankCall(path)) return new ServerInterceptingCall(call);
    const { remotePort } = call.getConnectionInfo();
    let fate = UNHARMED;
    let waiting: NodeJS.Timeout | undefined;
    const begin = (handle: () => void) => {
      const { blow } = fate;
      if (blow?.kind === 'refusal') call.sendStatus(statusFor(blow.error));
      else if (blow?.kind === 'disconnect' && blow.when === 'before') source.cut(remotePort);
      else handle();
    };
    /** Tells whether the answer may leave. */
    const mayAnswer = () => {
      const { blow } = fate;
      if (blow?.kind === 'disconnect') source.cut(remotePort);
      return blow === undefined;
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message: Buffer, next) => {
        fate = source.befalling({ path, message });
        next(message);
      })
      // The handler begins when the whole request is there.
      .withOnReceiveHalfClose((next) => {
        if (fate.latencyMs === 0) begin(next);
        else waiting = setTimeout(begin, fate.latencyMs, next);
      })
      .withOnCancel(() => {
        clearTimeout(waiting);
      })
      .build();
    return new ServerInterceptingCall(call, {
      start: (next) => {
        next(listener);
      },
      sendMessage: (message, next) => {
        if (mayAnswer()) next(message);
      },
      sendStatus: (status, next) => {
        if (mayAnswer()) next(status);
      },
    });
  };
}

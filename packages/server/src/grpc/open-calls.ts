import {
  ServerInterceptingCall,
  ServerListenerBuilder,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { RequestError } from '../request-error.js';
import { statusFor } from './status.js';

/** The calls under way, so that a server that stops can end those that do not end by themselves. */
export interface OpenCalls {
  /** For the server's options. */
  readonly interceptor: ServerInterceptor;
  /** Ends the streams that do not end by themselves with UNAVAILABLE, after what was written to them before. */
  endStreams(): void;
  /** Ends every call so. Of a write, the caller does not learn the outcome. */
  endAll(): void;
}

/** @param endsByItself - tells of a method, by its path, whether its calls end soon once the server stops */
export function trackOpenCalls(endsByItself: (path: string) => boolean): OpenCalls {
  const endless = new Set<ServerInterceptingCallInterface>();
  const others = new Set<ServerInterceptingCallInterface>();
  return {
    interceptor: ({ path, responseStream }, call) => {
      const open = responseStream && !endsByItself(path) ? endless : others;
      open.add(call);
      // However a call ends, it is "cancelled" last.
      const listener = new ServerListenerBuilder().withOnCancel(() => open.delete(call)).build();
      return new ServerInterceptingCall(call, {
        start: (next) => {
          next(listener);
        },
      });
    },
    endStreams: () => {
      end(endless);
    },
    endAll: () => {
      end(endless);
      end(others);
    },
  };
}

function end(calls: ReadonlySet<ServerInterceptingCallInterface>): void {
  const stopping = new RequestError('UNAVAILABLE', 'the server is shutting down');
  for (const call of calls) call.sendStatus(statusFor(stopping));
}

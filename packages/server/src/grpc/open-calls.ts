import {
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';

/** The calls under way, so that a server that stops can end those that do not end by themselves. */
export interface OpenCalls {
  /** For the server's options. */
  readonly interceptor: ServerInterceptor;
  /** Ends the streams with UNAVAILABLE, after what was written to them before. */
  endStreams(): void;
  /** Ends every call so. Of a write, the caller does not learn the outcome. */
  endAll(): void;
}

export function trackOpenCalls(): OpenCalls {
  const streams = new Set<ServerInterceptingCallInterface>();
  const unary = new Set<ServerInterceptingCallInterface>();
  return {
    interceptor: ({ responseStream }, call) => {
      const open = responseStream ? streams : unary;
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
      end(streams);
    },
    endAll: () => {
      end(streams);
      end(unary);
    },
  };
}

function end(calls: ReadonlySet<ServerInterceptingCallInterface>): void {
  for (const call of calls) {
    call.sendStatus({ code: status.UNAVAILABLE, details: 'the server is shutting down', metadata: null });
  }
}

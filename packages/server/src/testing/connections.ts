import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { StartError } from '../start-error.js';

/** The connections of one server, each of which can be cut: gRPC itself does not let go of a single one. */
export class Connections {
  readonly #sockets = new Set<Socket>();
  #listener: Server | undefined;

  /**
   * Takes connections for a gRPC server.
   *
   * @returns the port
   * @throws {@link StartError} if another program has taken it
   */
  async listen(
    server: GrpcServer,
    host: string,
    port: number,
    credentials: ServerCredentials,
  ): Promise<number> {
    const injector = server.createConnectionInjector(credentials);
    const listener = createServer((socket) => {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      injector.injectConnection(socket);
    });
    try {
      await once(listener.listen({ host, port }), 'listening');
    } catch (error) {
      throw new StartError(`cannot listen on ${host}:${port} again: ${String(error)}`, { cause: error });
    }
    this.#listener = listener;
    return (listener.address() as AddressInfo).port;
  }

  /** Takes no new connections. Resolves when those that there are have ended. */
  async close(): Promise<void> {
    if (this.#listener === undefined) return;
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    await closed;
  }

  /** Cuts the connection of a client, by its port. */
  cut(port: number | undefined): void {
    for (const socket of this.#sockets) if (socket.remotePort === port) cut(socket);
  }

  cutAll(): void {
    for (const socket of this.#sockets) cut(socket);
  }
}

/**
 * As a crash does, by a reset. Not so a socket that HTTP/2 is ending already: libuv refuses to reset it then (EINVAL),
 * it is never closed, and on Node.js 20.19 neither is its session, for which gRPC waits.
 */
function cut(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

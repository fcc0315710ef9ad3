import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Passes bytes on, until told to break off all connections as a cut cable or a killed process would. */
export async function startProxy(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakOff = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakOff,
    [Symbol.asyncDispose]: async () => {
      breakOff();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import { createServer } from 'node:net';
import { once } from 'node:events';

/** @throws with one sentence if any of the ports cannot be listened on */
export async function checkPorts(host: string, ports: readonly number[]): Promise<void> {
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  if (twice !== undefined) throw new Error(`Port ${twice} is asked for twice; choose different ports.`);
  for (const port of ports) await checkPort(host, port);
}

async function checkPort(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is in use' : 'cannot be listened on';
    throw new Error(
      `Port ${port} on ${host} ${why}; free it, or choose others with --server-ports and --api-port.`,
      {
        cause: error,
      },
    );
  } finally {
    server.close();
  }
}

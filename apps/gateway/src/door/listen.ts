import type { Server } from 'node:http';
import { ServiceError } from '@kith/service';

/** Listens on `bind`; where that is every address (`::`) of a machine without IPv6, on every IPv4 address. */
export async function listen(server: Server, bind: string, port: number): Promise<void> {
  try {
    await listenOn(server, bind, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (bind === '::' && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL'))
      return listenOn(server, '0.0.0.0', port);
    throw new ServiceError('cannot_listen', problem(code, bind, port), { cause: error });
  }
}

function problem(code: string | undefined, bind: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} is already in use, by another node perhaps: stop it, or set KITH_GATEWAY_PORT to another port.`;
  }
  if (code === 'EACCES') return `This user may not listen on port ${port}: set KITH_GATEWAY_PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL') return `This machine does not have the address ${bind}: correct KITH_BIND.`;
  return `Cannot listen on ${bind}, port ${port} (${code}).`;
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => {
      server.off('listening', onListening);
      reject(error);
    };
    const onListening = () => {
      server.off('error', onError);
      resolve();
    };
    server.once('error', onError).once('listening', onListening);
    server.listen({ host, port, backlog: 511 });
  });
}

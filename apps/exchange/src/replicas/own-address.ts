import type { NetworkInterfaceInfo } from 'node:os';
import { hostPort, isWildcard } from '@kith/net';

export interface OwnAddressOptions {
  /** The setting, where there is one. */
  readonly given: string | undefined;
  /** Address that the server is bound to. */
  readonly bind: string;
  readonly port: number;
  /** As os.networkInterfaces() gives them. */
  readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
}

/** Where other services of this node reach this replica: as set, else what it is bound to, else its first IPv4 address. */
export function ownAddress({ given, bind, port, interfaces }: OwnAddressOptions): string {
  const host = given ?? (isWildcard(bind) ? firstOf(interfaces) : bind);
  return `http://${hostPort(host, port)}`;
}

function firstOf(interfaces: OwnAddressOptions['interfaces']): string {
  const all = Object.values(interfaces).flatMap((one) => one ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

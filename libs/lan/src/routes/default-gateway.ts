import type { DefaultGateway } from '../lan.ts';
import { askNetwork } from '../second-opinion/second-opinion.ts';
import type { System } from '../system/system.ts';
import {
  parseNetstatRoutes,
  parseProcIpv6Route,
  parseProcRoute,
  parseRouteGet,
  parseRoutePrint,
  primaryGateways,
} from './parse-routes.ts';

/**
 * The primary default gateway of each interface. On Linux from `/proc`, elsewhere from the system's own command; where
 * that tells nothing, the `network` package is asked in a process of its own.
 */
export async function readDefaultGateways(system: System): Promise<DefaultGateway[]> {
  const own = await ownReading(system);
  if (own !== undefined) return primaryGateways(own);
  return primaryGateways(await askNetwork(system));
}

/** Undefined where the table cannot be read; a machine without a router has an empty one. */
async function ownReading(system: System): Promise<DefaultGateway[] | undefined> {
  const ipv4 = await system.readText('/proc/net/route');
  if (ipv4 !== undefined) {
    const ipv6 = await system.readText('/proc/net/ipv6_route');
    return [...parseProcRoute(ipv4), ...parseProcIpv6Route(ipv6 ?? '')];
  }
  if (system.platform === 'win32') {
    const interfaceAt = interfacesByAddress(system);
    return said(await runFirst(system, 'route', ['print', '-4']), (text) => parseRoutePrint(text, interfaceAt));
  }
  const routes = await said(await runFirst(system, 'netstat', ['-rn']), parseNetstatRoutes);
  if (routes !== undefined && routes.length > 0) return routes;
  const one = await said(await runFirst(system, 'route', ['-n', 'get', 'default']), parseRouteGet);
  return one !== undefined && one.length > 0 ? one : undefined;
}

async function runFirst(system: System, program: string, args: readonly string[]): Promise<string | undefined> {
  const path = await system.findProgram(program);
  const result = path === undefined ? undefined : await system.run(path, args);
  return result?.code === 0 ? result.stdout : undefined;
}

function said<T>(text: string | undefined, parse: (text: string) => T): T | undefined {
  return text === undefined ? undefined : parse(text);
}

/** Windows names an interface by its own address. */
export function interfacesByAddress(system: System): (ownAddress: string) => string | undefined {
  const names = new Map<string, string>();
  for (const [name, infos = []] of Object.entries(system.networkInterfaces())) {
    for (const { address } of infos) names.set(address, name);
  }
  return (ownAddress) => names.get(ownAddress);
}

import type { NetworkInterfaceInfo } from 'node:os';
import { isLocal, parseSubnet, plainAddress } from '@kith/net';
import type { InterfaceAddress, LanInterface } from '../lan.ts';
import { normalMac } from '../mac.ts';
import type { System } from '../system/system.ts';
import { chooseInterface, type InterfaceChoice } from './choose-interface.ts';
import type { LinuxFacts } from './interface-facts.ts';

const SYS_CLASS_NET = '/sys/class/net';

/** All interfaces with an address, and on Linux those without one, used ones first, then by name. */
export async function readInterfaces(
  system: System,
  { choice, withGateway }: { choice: InterfaceChoice; withGateway: ReadonlySet<string> },
): Promise<LanInterface[]> {
  const known = system.networkInterfaces();
  const isLinux = system.platform === 'linux' || system.platform === 'android';
  const names = new Set([...Object.keys(known), ...(isLinux ? await system.list(SYS_CLASS_NET) : [])]);
  names.delete('bonding_masters');
  const all = await Promise.all(
    [...names].map(async (name) => {
      const infos = known[name] ?? [];
      const mac = normalMac(infos[0]?.mac ?? '');
      const linux = isLinux ? await readLinuxFacts(system, name) : undefined;
      return chooseInterface(
        system.platform,
        {
          name,
          ...(mac === undefined ? {} : { mac }),
          ...(infos.length > 0 ? { internal: infos.every(({ internal }) => internal) } : {}),
          hasDefaultGateway: withGateway.has(name),
          ...(linux === undefined ? {} : { linux }),
          addresses: infos.flatMap(toAddress),
        },
        choice,
      );
    }),
  );
  return all.sort((a, b) => Number(b.used) - Number(a.used) || (a.name < b.name ? -1 : 1));
}

function toAddress(info: NetworkInterfaceInfo): InterfaceAddress[] {
  const address = plainAddress(info.address);
  const subnet = info.cidr === null ? undefined : parseSubnet(info.cidr);
  if (address === undefined || subnet === undefined) return [];
  const { family, prefix, cidr } = subnet;
  return [{ address, family, prefix, subnet: cidr, isPrivate: isLocal(address) }];
}

/** Undefined where `/sys` is not mounted: then the name alone decides. */
async function readLinuxFacts(system: System, name: string): Promise<LinuxFacts | undefined> {
  const folder = `${SYS_CLASS_NET}/${name}`;
  const [entries, type, flags, uevent] = await Promise.all([
    system.list(folder),
    system.readText(`${folder}/type`),
    system.readText(`${folder}/flags`),
    system.readText(`${folder}/uevent`),
  ]);
  if (type === undefined) return undefined;
  const devtype = /^DEVTYPE=(\S+)/m.exec(uevent ?? '')?.[1];
  const under = entries.filter((entry) => entry.startsWith('lower_')).map((entry) => entry.slice('lower_'.length));
  const ports = await system.list(`${folder}/brif`);
  return {
    type: Number(type),
    ...(devtype === undefined ? {} : { devtype }),
    hasDevice: entries.includes('device'),
    isWireless: entries.includes('wireless') || entries.includes('phy80211'),
    isTun: entries.includes('tun_flags'),
    flags: Number(flags),
    realMembers: await realOnes(system, [...new Set([...under, ...ports])]),
  };
}

async function realOnes(system: System, names: readonly string[]): Promise<string[]> {
  const real: string[] = [];
  for (const name of names.slice(0, 64)) {
    // A virtual machine's tap has no device; a bond under a bridge has members of its own.
    const entries = await system.list(`${SYS_CLASS_NET}/${name}`);
    const isReal = entries.includes('device') || entries.some((entry) => entry.startsWith('lower_'));
    if (isReal) real.push(name);
  }
  return real;
}

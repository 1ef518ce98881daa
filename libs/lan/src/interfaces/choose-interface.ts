import { isSweepable } from '@kith/net';
import type { InterfaceAddress, LanInterface } from '../lan.ts';
import { classify } from './classify.ts';
import type { Classified, InterfaceFacts } from './interface-facts.ts';

/** The owner's word, by name of interface; it goes before the rule. */
export interface InterfaceChoice {
  /** Used though their class would be left out. */
  readonly include?: readonly string[];
  /** Never used. */
  readonly exclude?: readonly string[];
}

export interface SeenInterface extends InterfaceFacts {
  readonly addresses: readonly InterfaceAddress[];
}

const CLASS_WORDS = {
  physical: 'a network card',
  wireless: 'a wireless card',
  container: 'a container network',
  vpn: 'a VPN or tunnel',
  virtual: 'a virtual network',
  loopback: 'the loopback',
} as const;

/** Class, whether it is used, and why, from what was seen of an interface. */
export function chooseInterface(
  platform: NodeJS.Platform,
  seen: SeenInterface,
  { include = [], exclude = [] }: InterfaceChoice = {},
): LanInterface {
  const found = classify(platform, seen);
  const sweepable = seen.addresses.filter(canSweep).map(({ subnet }) => subnet);
  const verdict = judge(found, seen, include.includes(seen.name), exclude.includes(seen.name));
  return {
    name: seen.name,
    kind: found.kind,
    ...(seen.mac === undefined ? {} : { mac: seen.mac }),
    addresses: seen.addresses,
    used: verdict.used,
    reason: verdict.reason,
    sweepable: verdict.used ? [...new Set(sweepable)] : [],
  };
}

function judge(found: Classified, seen: SeenInterface, included: boolean, excluded: boolean) {
  const is = `${CLASS_WORDS[found.kind]}: ${found.because}`;
  if (excluded) return { used: false, reason: 'left out by the settings' };
  if (seen.addresses.length === 0) return { used: false, reason: 'it has no address' };
  if (!seen.addresses.some(({ isPrivate }) => isPrivate)) {
    return { used: false, reason: 'it has no address of a private network, and Kith looks at no other' };
  }
  if (included) return { used: true, reason: 'used because the settings say so' };
  if (found.kind !== 'physical' && found.kind !== 'wireless') return { used: false, reason: `left out as ${is}` };
  return { used: true, reason: is };
}

/** A subnet with somebody else in it. Link-local IPv4 is swept too: two machines on one cable have nothing else. */
function canSweep({ prefix, address }: InterfaceAddress): boolean {
  return isSweepable(address) && prefix <= 30;
}

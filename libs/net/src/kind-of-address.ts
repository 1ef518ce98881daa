import { parseAddress } from './address.ts';

const range = (text: string | undefined) => parseAddress(text)?.range();

/** RFC 1918, link-local, unique local (RFC 4193), loopback. */
const LOCAL = ['private', 'linkLocal', 'uniqueLocal', 'loopback'];

/**
 * Whether an IP literal is of a local network. Everything that this node sends unasked goes to such an address only.
 * 100.64.0.0/10 is not one: it is shared between all customers of an internet provider (RFC 6598), and used by VPNs.
 */
export function isLocal(text: string | undefined): boolean {
  return LOCAL.includes(range(text) ?? '');
}

/** Only meant for this machine: 127.0.0.0/8, ::1. */
export const isLoopback = (text: string | undefined): boolean => range(text) === 'loopback';

/** Made up by each machine for itself, without anybody who assigns them: 169.254.0.0/16, fe80::/10. */
export const isLinkLocal = (text: string | undefined): boolean => range(text) === 'linkLocal';

/** Stands for every address of the machine: 0.0.0.0, ::. */
export const isWildcard = (text: string | undefined): boolean => {
  const parsed = parseAddress(text);
  return parsed?.toByteArray().every((byte) => byte === 0) ?? false;
};

/** An address of a kind of network whose every address may be tried one after the other: local IPv4, not loopback. */
export const isSweepable = (text: string | undefined): boolean =>
  parseAddress(text)?.kind() === 'ipv4' && isLocal(text) && !isLoopback(text);

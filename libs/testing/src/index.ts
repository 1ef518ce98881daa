export * from './fake-clock.ts';
export * from './fuzz/index.ts';
export { HOSTILE_NAMES, type Hostile, type HostileOptions, openHostile } from './hostile.ts';
export * from './needs.ts';
export type { LanHost } from './network-host.ts';
export * from './network-lan.ts';
export * from './taken-port.ts';
export * from './temp-directory.ts';
export * from './wait-for.ts';

export * from './fake-clock.ts';
export * from './needs.ts';
export type { LanHost } from './network-host.ts';
export * from './network-lan.ts';
export * from './temp-directory.ts';
export * from './wait-for.ts';

export * from './create-lan.ts';
export * from './errors.ts';
export type { InterfaceChoice } from './interfaces/choose-interface.ts';
export * from './lan.ts';
export * from './memory-lan.ts';
export { DEFAULT_MAX_HOSTS } from './neighbours/sweep-order.ts';

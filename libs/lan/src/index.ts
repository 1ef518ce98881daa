export type { InterfaceChoice } from './choose-interface.ts';
export * from './create-lan.ts';
export * from './errors.ts';
export * from './lan.ts';
export * from './memory-lan.ts';
export { DEFAULT_MAX_HOSTS } from './sweep-order.ts';

export type { InterfaceChoice } from './choose-interface.ts';
export * from './create-lan.ts';
export * from './errors.ts';
export * from './lan.ts';
export * from './memory-lan.ts';
export { assertPrivate, contains, isPrivateAddress, normalAddress, parseSubnet, type Subnet } from './subnet.ts';
export { DEFAULT_MAX_HOSTS } from './sweep-order.ts';

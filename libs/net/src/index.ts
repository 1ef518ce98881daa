export * from './address.ts';
export * from './kind-of-address.ts';
export * from './subnet.ts';

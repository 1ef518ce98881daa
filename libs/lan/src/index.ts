export * from './errors.ts';
export * from './lan.ts';

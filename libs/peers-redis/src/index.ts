export * from './connection-options.ts';
export * from './open-redis-peer-store.ts';

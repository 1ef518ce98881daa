export * from './link/connection-options.ts';
export * from './open-redis-peer-store.ts';
export * from './open-redis-replica-registry.ts';

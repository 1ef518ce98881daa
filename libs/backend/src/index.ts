export * from './peer-store.ts';
export * from './redis-settings.ts';
export * from './replica-registry.ts';

export * from './event.ts';
export * from './peer.ts';
export * from './peer-store.ts';

export * from './documents.ts';
export * from './peer-store.ts';

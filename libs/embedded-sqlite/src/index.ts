export * from './open-sqlite-peer-store.ts';
export { DiskFullError, PeersFileError } from './peers-errors.ts';

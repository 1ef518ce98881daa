export { DocumentsFileError } from './documents-errors.ts';
export * from './open-sqlite-documents.ts';
export * from './open-sqlite-peer-store.ts';
export { DiskFullError, PeersFileError } from './peers-errors.ts';

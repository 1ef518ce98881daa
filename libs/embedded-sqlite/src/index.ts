export { DocumentsFileError } from './documents/errors.ts';
export * from './documents/open-sqlite-documents.ts';
export { DiskFullError, PeersFileError } from './peers/errors.ts';
export * from './peers/open-sqlite-peer-store.ts';

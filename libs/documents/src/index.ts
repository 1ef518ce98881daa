export * from './document-index.ts';
export * from './file-catalogue.ts';
export * from './query.ts';

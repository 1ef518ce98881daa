export * from './document-agreement.ts';
export * from './document-index.ts';
export * from './file-catalogue.ts';
export * from './sample-documents.ts';

export * from './open-elasticsearch-documents.ts';

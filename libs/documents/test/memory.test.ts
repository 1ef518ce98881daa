import { documentAgreement, documentIndexCompliance, fileCatalogueCompliance } from '../compliance/index.ts';
import { createMemoryDocumentIndex, createMemoryFileCatalogue } from '../src/index.ts';

const open = async () => ({ index: createMemoryDocumentIndex() });
documentIndexCompliance('memory', open);
documentAgreement('memory', open, { runs: 20 });
fileCatalogueCompliance('memory', async () => ({ files: createMemoryFileCatalogue() }));

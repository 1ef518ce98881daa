import { documentAgreement, documentIndexCompliance, fileCatalogueCompliance } from '@kith/documents/compliance';
import { openFresh, skip, testedServers } from './servers.ts';

for (const url of testedServers) {
  const name = `Elasticsearch at ${url}`;
  const openIndex = async () => {
    const { index, open, dispose } = await openFresh(url);
    return { index, reopen: async () => (await open()).index, dispose };
  };
  documentIndexCompliance(name, openIndex, { skip });
  documentAgreement(name, openIndex, { skip, runs: 15 });
  const openFiles = async () => {
    const { files, open, dispose } = await openFresh(url);
    return { files, reopen: async () => (await open()).files, dispose };
  };
  fileCatalogueCompliance(name, openFiles, { skip });
}

import { documentSettings, openDocuments } from '@kith/backend-documents';
import { createMemoryPeerStore } from '@kith/membership';
import { createLog, readSettings, systemClock } from '@kith/service';
import { createExchange, exchangeSettings } from '../src/app.ts';
import { KEY, SELF } from './running-exchange.ts';

const settings = readSettings({ ...exchangeSettings, ...documentSettings }, process.env);
const needs = { log: createLog('exchange', 'error'), clock: systemClock };
const { index, files } = await openDocuments(settings, needs);
const exchange = createExchange({
  ...{ settings, internalKey: KEY, self: { id: SELF, name: 'ana' }, documents: index, files, ...needs },
  peers: createMemoryPeerStore({ clock: systemClock }),
});
await exchange.start();
process.stdout.write(`http://127.0.0.1:${exchange.port()}\n`);

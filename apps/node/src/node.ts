import { randomBytes } from 'node:crypto';
import { openPeerStore } from '@kith/backend';
import { type Documents, openDocuments } from '@kith/backend-documents';
import { createExchange } from '@kith/exchange';
import { createGateway, type Gateway } from '@kith/gateway';
import { type Identity, nextIncarnation, OwnerProof, openIdentity } from '@kith/identity';
import { createLan } from '@kith/lan';
import type { PeerStore } from '@kith/membership';
import { createPingback } from '@kith/pingback';
import { createScanner } from '@kith/scanner';
import {
  allReady,
  type Clock,
  createMetrics,
  createOperations,
  type Log,
  operationsAddress,
  RoomReserve,
  type Running,
  resource,
  type Startable,
  startInOrder,
} from '@kith/service';
import { freePort } from './free-port.ts';
import { localUrl } from './local-url.ts';
import type { NodeValues } from './settings.ts';

/** All four services of a node in one process, running. */
export interface KithNode extends Running {
  readonly id: Identity['id'];
  readonly name: string;
  /** Origin of the owner's page. */
  readonly url: string;
  /** Address of the page for a person at this computer, with a link into it where the system does not tell who asks. */
  pageUrl(): Promise<string>;
  readonly peers: PeerStore;
  readonly files: Documents['files'];
}

/**
 * Opens identity and stores, then starts from the inside out: exchange, gateway, pingback, scanner. So whoever hears of
 * this node by its pingback finds a gateway and documents behind it; and in a stop, it says that it leaves first.
 */
export async function openNode(settings: NodeValues, { log, clock }: { log: Log; clock: Clock }): Promise<KithNode> {
  const { dataDirectory, name } = settings;
  await new RoomReserve(dataDirectory).makeRoomToStart();
  const identity = await openIdentity(dataDirectory);
  // The store is opened before anything is changed: it is what refuses a data directory that another node uses.
  const peers = await openPeerStore(settings, { log, clock });
  const stores = [resource('peer store', peers, () => peers.readStatus())];
  let documents: Documents;
  let incarnation: number;
  try {
    documents = await openDocuments(settings, { log, clock });
    const { index } = documents;
    stores.push(resource('documents', documents, () => index.statistics()));
    incarnation = await nextIncarnation(dataDirectory, { onDamage: (sentence) => log.warn({}, sentence) });
  } catch (error) {
    await (await startInOrder(stores)).stop();
    throw error;
  }

  const gatewayPort = settings.gatewayPort || (await freePort(settings.bind));
  const url = localUrl({ bind: settings.bind, port: gatewayPort });
  const metrics = settings.operationsPort === undefined ? undefined : createMetrics();
  const owner = new OwnerProof(settings);
  const common = { identity, peers, clock, log, metrics };
  const lan = createLan({ include: settings.interfaces, clock, log: log.child({ service: 'lan' }) });
  const exchange = createExchange({
    settings: { ...settings, gatewayUrl: url },
    self: { id: identity.id, name },
    internalKey: identity.internalKey,
    peers,
    documents: documents.index,
    files: documents.files,
    clock,
    log: log.child({ service: 'exchange' }),
    metrics,
  });
  const exchangeUrl = () => localUrl({ bind: settings.exchangeBind, port: exchange.port() });
  let gateway: Gateway | undefined;
  const parts: Startable[] = [
    ...stores,
    resource('lan', lan),
    exchange,
    whenDue('gateway', () => {
      gateway = createGateway({
        ...common,
        owner,
        settings: { ...settings, gatewayPort, exchangeUrl: settings.exchangeUrl ?? exchangeUrl() },
        log: log.child({ service: 'gateway' }),
      });
      return gateway;
    }),
    createPingback({
      ...common,
      settings: { ...settings, gatewayPort },
      incarnation,
      instance: randomBytes(8).toString('hex'),
      neighbours: lan.neighbours,
      log: log.child({ service: 'pingback' }),
    }),
    createScanner({ ...common, settings, lan, log: log.child({ service: 'scanner' }) }),
  ];
  if (settings.operationsPort !== undefined && metrics) {
    const ready = () => allReady(parts);
    const address = operationsAddress(settings.bind);
    parts.push(createOperations({ port: settings.operationsPort, address, metrics, ready, owner, log }));
  }
  const running = await startInOrder(parts);
  const pageUrl = async () => (await gateway?.pageUrl(new URL(url).host)) ?? `${url}/`;
  return { id: identity.id, name, url, pageUrl, peers, files: documents.files, stop: running.stop };
}

/** A part that can be made only when those before it run, because it needs their ports. */
function whenDue(name: string, create: () => Startable): Startable {
  let part: Startable | undefined;
  return {
    name,
    start: () => {
      part = create();
      return part.start();
    },
    stop: async () => part?.stop(),
  };
}

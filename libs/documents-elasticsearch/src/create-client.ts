import { readFileSync } from 'node:fs';
import { Client, ClusterConnectionPool, SniffingTransport } from '@elastic/elasticsearch';
import { createOneLookup } from './one-lookup.ts';

export interface ElasticsearchAccess {
  /** Nodes of one cluster; the client goes on with another where one fails. */
  readonly urls: readonly string[];
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly apiKey?: string | undefined;
  /** PEM file of the authority that signed the servers' certificates. */
  readonly caFile?: string | undefined;
  /** How long a node may take for one request, in ms. Default 30,000: a bulk of 5 MB on a busy small machine takes seconds. */
  readonly requestMs?: number | undefined;
}

const REQUEST_MS = 30_000;
/** A server that is there accepts a connection at once; a machine that is off says nothing. */
const CONNECT_MS = 1_000;

/** A node that is silent is left like one that refuses, and the next is asked at once: each write may happen twice. */
class LeavingTransport extends SniffingTransport {
  constructor(options: ConstructorParameters<typeof SniffingTransport>[0]) {
    super({ ...options, retryOnTimeout: true, retryBackoff: () => 0 });
  }
}

export function createClient(access: ElasticsearchAccess): Client {
  const { urls, username, password, apiKey, caFile, requestMs = REQUEST_MS } = access;
  const auth = apiKey ? { apiKey } : username ? { username, password: password ?? '' } : undefined;
  return new Client({
    nodes: [...urls],
    ...(auth ? { auth } : {}),
    // Handed on to the socket as they are, for plain connections too.
    tls: { timeout: CONNECT_MS, lookup: createOneLookup(), ...(caFile ? { ca: authorityOf(caFile) } : {}) },
    // On to the next node, where there is one, and once more: of nodes that all were away any may be the one that is back.
    // The only one is not asked again: the caller knows better when.
    maxRetries: urls.length > 1 ? urls.length : 0,
    Transport: LeavingTransport,
    // The client's own choice, by weights, finds no node for hundreds of requests after all of them were away.
    ConnectionPool: ClusterConnectionPool,
    requestTimeout: requestMs,
  });
}

/** Node takes a file without a certificate for no authority, and says so only as a server that is not trusted. */
function authorityOf(caFile: string): string {
  let text = '';
  try {
    text = readFileSync(caFile, 'utf8');
  } catch (cause) {
    throw new Error(`KITH_ELASTICSEARCH_CA_FILE cannot be read: ${(cause as Error).message}.`, { cause });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error(`KITH_ELASTICSEARCH_CA_FILE holds no certificate in PEM format: ${caFile}.`);
  return text;
}

import type { IndexFinding } from '@kith/wire';
import { isCompose } from '../output/called-as.ts';

export type Part = 'redis' | 'gateway' | 'pingback' | 'scanner' | 'exchange' | 'elasticsearch';

/** What an administrator can type where a part fails, by how this node is run (`kith`: how the program is called). */
export function remediesFor(kith: string) {
  const compose = isCompose(kith);
  const restart = (part: Part) =>
    `Start it: docker compose up -d ${part} (if it ends again: docker compose logs ${part})`;
  const ask = (path: string) =>
    compose
      ? `docker compose exec elasticsearch curl -s 'localhost:9200/${path}'`
      : `curl "$KITH_ELASTICSEARCH_URL/${path}"`;
  const unblock = `-X PUT -H 'content-type: application/json' -d '{"index.blocks":{"write":null,"read_only":null,"read":null,"metadata":null}}'`;
  const room = `Make room on the disk of Elasticsearch; it goes on by itself within a minute. What fills it: ${
    compose ? 'docker system df' : ask('_cat/allocation?v')
  }`;

  const parts: Record<Part, string> = compose
    ? {
        redis: restart('redis'),
        gateway: restart('gateway'),
        pingback: restart('pingback'),
        scanner: restart('scanner'),
        exchange: restart('exchange'),
        elasticsearch: `${restart('elasticsearch')}. Where it is one of your own (KITH_ELASTICSEARCH_URL), start that.`,
      }
    : {
        redis:
          'Where the services run apart: is Redis running, and is KITH_REDIS_URL right? redis-cli -u "$KITH_REDIS_URL" ping must say PONG. Else see the log of the node.',
        gateway: 'Start the node; where the services run apart, the gateway and what it needs. Else see its log.',
        pingback: 'Peers cannot find this node. Is the pingback running, with the same KITH_PINGBACK_PORT?',
        scanner: 'Is the scanner running? As a service of its own it must run on the host’s network.',
        exchange: 'Is the exchange running, and does the gateway know its address (KITH_EXCHANGE_URL)?',
        elasticsearch: `Is Elasticsearch running, and is KITH_ELASTICSEARCH_URL right? ${ask('_cluster/health')} must answer.`,
      };

  const findings: Record<IndexFinding['code'], string> = {
    index_away: parts.elasticsearch,
    index_refused:
      'Elasticsearch wants another user: set KITH_ELASTICSEARCH_USERNAME and _PASSWORD, or KITH_ELASTICSEARCH_API_KEY.',
    index_gone: `It is made anew from the files by itself within a minute. Else start the exchange again${compose ? ': docker compose restart exchange' : '.'}`,
    index_red: `Start the Elasticsearch nodes that are missing. Why a part has no place: ${ask('_cluster/allocation/explain?pretty')} (where it is lost for good: docs/operations.md, “Index everything anew”)`,
    disk_full: room,
    disk_nearly_full: room,
    index_blocked: `Take the block away: ${ask('kith-*/_settings')} ${unblock}`,
  };
  return { part: (part: Part) => parts[part], finding: (code: IndexFinding['code']) => findings[code] };
}
export type Remedies = ReturnType<typeof remediesFor>;

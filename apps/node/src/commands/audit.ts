import { AUDIT_KINDS, type AuditKind, type AuditPage, auditPageSchema, peerViewSchema, shortId } from '@kith/wire';
import { type Command, InvalidArgumentError } from 'commander';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { plainLine } from '../output/plain-text.ts';
import type { Cli } from '../output/surroundings.ts';
import { utcText } from '../output/time-text.ts';

interface AuditOptions extends ClientOptions {
  readonly peer?: string;
  readonly kind?: AuditKind;
  readonly before?: string;
  readonly limit: number;
}

/** `kith audit`: who searched, listed and fetched what here, and who was refused. */
export function auditCommand(cli: Cli): Command {
  const about = 'Who searched and fetched what here, what was decided about trust and shares, and who was refused.';
  return clientCommand(cli, 'audit', about, ['audit', 'audit --peer Bob', 'audit --kind refused', 'audit --json'])
    .option('--peer <name>', 'only what this peer did')
    .option('--kind <kind>', `one of: ${AUDIT_KINDS.join(', ')}`, kind)
    .option('--before <ms>', 'only what is older: the `next` of a page, in ms since 1970')
    .option('--limit <n>', 'how many of the newest (1–500)', limit, 100)
    .action(async ({ peer, kind: one, before, limit: count, ...options }: AuditOptions) => {
      const api = await apiOf(cli, options);
      const query = new URLSearchParams({ limit: String(count) });
      if (one !== undefined) query.set('kind', one);
      if (before !== undefined) query.set('before', before);
      if (peer !== undefined) {
        const { id } = await api.get(`/_kith/peers/${encodeURIComponent(peer)}`, peerViewSchema);
        query.set('peer', id);
      }
      const page = await api.get(`/api/audit?${query}`, auditPageSchema);
      if (options.json) cli.terminal.json(page, 2);
      else show(cli, page);
    });
}

function show({ terminal }: Cli, { isOn, entries, next }: AuditPage) {
  if (!isOn) terminal.note('Nothing is written down on this node (KITH_AUDIT=off).');
  if (entries.length === 0 && isOn) terminal.note('Nothing yet.');
  if (entries.length === 0) return;
  terminal.table([
    ['WHEN', 'WHO', 'WHAT', 'TIMES', ''],
    ...entries.map(({ at, kind: of, peer, name, address, what, count, text }) => [
      utcText(at),
      plainLine(
        peer === undefined
          ? (address ?? (of === 'security' ? 'owner' : ''))
          : `${name ?? ''} (${shortId(peer)})`.trim(),
      ),
      plainLine(what),
      String(count),
      plainLine(text ?? ''),
    ]),
  ]);
  if (next !== undefined) terminal.note(`More: --before ${next}`);
}

function kind(text: string): AuditKind {
  const found = AUDIT_KINDS.find((one) => one === text);
  if (found) return found;
  throw new InvalidArgumentError(`Accepted: ${AUDIT_KINDS.join(', ')}.`);
}

function limit(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value >= 1 && value <= 500) return value;
  throw new InvalidArgumentError('Accepted: a whole number from 1 to 500.');
}

import { shortId } from '@kith/wire';
import type { KithNode } from '../node.ts';
import { plainLine } from '../output/plain-text.ts';
import type { NodeValues } from '../settings.ts';

export interface ReadyFacts {
  readonly node: Pick<KithNode, 'id' | 'name'>;
  /** Address of the page. */
  readonly page: string;
  readonly values: Pick<NodeValues, 'dataDirectory' | 'pairingCode' | 'upstream'>;
  readonly folders: readonly string[];
  readonly version: string;
  readonly startMs: number;
  readonly kith: string;
}

/** What a person reads when the node is ready: where its page is, who it is, what it shares, what to do next. */
export function readyText({ node, page, values, folders, version, startMs, kith }: ReadyFacts): string {
  const shared = folders.length === 0 ? ['no folder yet'] : folders.map(plainLine);
  const next = values.upstream
    ? [`Shows ${values.upstream} to the peers that you trust.`]
    : folders.length === 0
      ? [`Share a folder:  ${kith} share <folder>   or drop files on the page.`]
      : [`Search:          ${kith} search <words>   or on the page.`];
  if (!values.pairingCode) {
    next.push(
      'Start Kith on another machine of this network: the two find each other, and you approve it on the page.',
    );
  } else next.push('Start Kith with the same pairing code on the other machines: they trust each other at once.');
  return [
    `Kith ${version} is ready (${(startMs / 1000).toFixed(1)} s).`,
    '',
    `  Page     ${page}`,
    `  Name     ${plainLine(node.name)} (${shortId(node.id)})`,
    ...shared.map((folder, index) => `  ${index === 0 ? 'Shared ' : '       '}  ${folder}`),
    `  Data     ${values.dataDirectory}`,
    '',
    ...next.map((line) => `  ${line}`),
    '  Ctrl-C stops this node and tells its peers.',
    '',
  ].join('\n');
}

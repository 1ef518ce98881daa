import type { ExchangeStatus, NodeView } from '@kith/wire';

/** What the owner must see over every view: of this node and its disk, of its index, and why one of the two does not tell. */
export function loudWarnings({
  node,
  status,
  failures,
}: {
  node: NodeView | undefined;
  status: ExchangeStatus | undefined;
  failures: readonly string[];
}): string[] {
  const faults = status?.faults?.map(({ message, remedy }) => `${message} ${remedy}`) ?? [];
  const findings = status?.index?.findings.map(({ message }) => message) ?? [];
  return [...new Set([...faults, ...(node?.warnings ?? []), ...findings, ...failures])];
}

import { COMPARISON_MS, type Comparisons, type Knocks } from '@kith/membership';
import type { ComparisonView, NodeId } from '@kith/wire';
import { endSentence } from './comparison-news.ts';

/** How a peer is shown; undefined where it is not known any more. */
export type WhoIs = (id: NodeId) => NonNullable<ComparisonView['knock']>['peer'] | undefined;

/** What the owner is shown of the comparison: what is open, who knocks, how the one before ended. */
export function comparisonView(
  { open, last, closedUntil = 0 }: Comparisons,
  shown: Knocks['shown'],
  { whoIs, nowMs }: { readonly whoIs: WhoIs; readonly nowMs: number },
): ComparisonView {
  const secondsTo = (at: number) => Math.max(0, Math.ceil((at - nowMs) / 1000));
  const openWith = open && whoIs(open.peer);
  const knockOf = shown && whoIs(shown.peer);
  const lastWith = last && whoIs(last.peer);
  const view: ComparisonView = {};
  if (openWith) {
    const { openedAt, peer: _id, ...rest } = open;
    view.open = { ...rest, peer: openWith, secondsLeft: secondsTo(openedAt + COMPARISON_MS) };
  }
  if (knockOf) view.knock = { peer: knockOf, secondsLeft: secondsTo(shown.at + COMPARISON_MS) };
  if (lastWith) view.last = { peer: lastWith, end: last.end, message: endSentence(last.end, lastWith.name) };
  if (closedUntil > nowMs) view.closedForSeconds = secondsTo(closedUntil);
  return view;
}

import type { ComparisonEnd, ComparisonStepName, NodeId } from '@kith/wire';

/** How long a comparison stays open, in milliseconds. */
export const COMPARISON_MS = 120_000;
/** How long each message of the exchange may take. */
export const COMPARISON_STEP_MS = 10_000;
/** So many comparisons that did not end with “the same”, with anyone, within the window, close comparisons for a while. */
export const FAILED_MAX = 3;
export const FAILED_WINDOW_MS = 600_000;
export const COMPARISONS_CLOSED_MS = 600_000;

/** The one comparison that is open. Times are milliseconds of a clock that only grows. */
export interface Comparison {
  readonly peer: NodeId;
  readonly openedAt: number;
  readonly step: ComparisonStepName;
  readonly number?: string;
  readonly saidSame: boolean;
  readonly otherSaidSame: boolean;
}

export interface Comparisons {
  readonly open?: Comparison;
  readonly last?: { readonly peer: NodeId; readonly end: ComparisonEnd };
  /** When tries failed, oldest first. */
  readonly failures: readonly number[];
  readonly closedUntil?: number;
}
export const NO_COMPARISONS: Comparisons = { failures: [] };

export type ComparisonInput =
  /** This node's owner opens the comparison, gives it up, or says what the two numbers are. */
  | { readonly type: 'open'; readonly peer: NodeId }
  | { readonly type: 'cancel' }
  | { readonly type: 'same'; readonly number: string }
  | { readonly type: 'different' }
  /** A commitment was sent or received. */
  | { readonly type: 'begin'; readonly peer: NodeId }
  /** The other side refused this node's commitment, having shown nothing of its own. */
  | { readonly type: 'refused'; readonly peer: NodeId }
  | { readonly type: 'number'; readonly peer: NodeId; readonly number: string }
  | { readonly type: 'break'; readonly peer: NodeId }
  | { readonly type: 'other-said'; readonly peer: NodeId; readonly same: boolean }
  | { readonly type: 'time' };

/** Why an input changed nothing. */
export type ComparisonRefusal = 'busy' | 'closed' | 'not-open' | 'no-number' | 'differs';

export interface ComparisonStep {
  readonly state: Comparisons;
  readonly refusal?: ComparisonRefusal;
  /** Set where this step made a try that counts as failed. */
  readonly failed?: { readonly peer: NodeId; readonly end: ComparisonEnd; readonly closes: boolean };
}

/**
 * The rules of comparing numbers: one comparison at a time, opened by the owner and by nobody else, one exchange for each
 * opening. One that had a commitment and does not end with “the same” is a failed try, because it was one chance for
 * somebody in the middle.
 */
export function compare(state: Comparisons, input: ComparisonInput, nowMs: number): ComparisonStep {
  const { open } = state;
  if (open && nowMs - open.openedAt >= COMPARISON_MS) {
    const ended = end(state, open, open.saidSame ? 'one-sided' : 'time-is-up', nowMs);
    if (input.type === 'time') return ended;
    // No comparison is open any more, so that this input can fail no second try.
    return { ...(ended.failed ? { failed: ended.failed } : {}), ...compare(ended.state, input, nowMs) };
  }
  if (input.type === 'time') return { state };
  if (input.type === 'open') return opened(state, input.peer, nowMs);
  if (!open || ('peer' in input && input.peer !== open.peer)) return { state, refusal: 'not-open' };
  const put = (change: Partial<Comparison>): ComparisonStep => ({ state: { ...state, open: { ...open, ...change } } });
  switch (input.type) {
    case 'cancel':
      return end(state, open, open.saidSame ? 'one-sided' : 'cancelled', nowMs);
    case 'begin':
      return open.step === 'waiting' ? put({ step: 'exchanging' }) : { state, refusal: 'busy' };
    case 'refused':
      return open.step === 'exchanging' ? put({ step: 'waiting' }) : { state };
    case 'number':
      return open.step === 'exchanging'
        ? put({ step: 'number', number: input.number })
        : { state, refusal: 'not-open' };
    case 'break':
      return open.step === 'waiting' || open.saidSame ? { state } : end(state, open, 'broken-off', nowMs);
    case 'same':
      if (open.number === undefined) return { state, refusal: 'no-number' };
      if (open.number !== input.number) return { state, refusal: 'differs' };
      return open.otherSaidSame ? end(state, open, 'same', nowMs) : put({ saidSame: true });
    case 'different':
      return open.number === undefined ? { state, refusal: 'no-number' } : end(state, open, 'different', nowMs);
    case 'other-said':
      if (open.number === undefined) return { state, refusal: 'no-number' };
      if (!input.same) return end(state, open, 'other-says-different', nowMs);
      return open.saidSame ? end(state, open, 'same', nowMs) : put({ otherSaidSame: true });
  }
}

function opened(state: Comparisons, peer: NodeId, nowMs: number): ComparisonStep {
  if (state.open) return state.open.peer === peer ? { state } : { state, refusal: 'busy' };
  const { closedUntil, last: _last, ...rest } = state;
  if (closedUntil !== undefined && nowMs < closedUntil) return { state, refusal: 'closed' };
  const open: Comparison = { peer, openedAt: nowMs, step: 'waiting', saidSame: false, otherSaidSame: false };
  return { state: { ...rest, open } };
}

function end(
  state: Comparisons,
  { peer, step, saidSame }: Comparison,
  how: ComparisonEnd,
  nowMs: number,
): ComparisonStep {
  const { open: _open, ...rest } = state;
  const ended = { ...rest, last: { peer, end: how } };
  if (how === 'same' || saidSame || step === 'waiting') return { state: ended };
  const failures = [...state.failures.filter((at) => nowMs - at < FAILED_WINDOW_MS), nowMs];
  const closes = failures.length >= FAILED_MAX;
  const closing = closes ? { failures: [], closedUntil: nowMs + COMPARISONS_CLOSED_MS } : { failures };
  return { state: { ...ended, ...closing }, failed: { peer, end: how, closes } };
}

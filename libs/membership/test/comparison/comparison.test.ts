import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '@kith/wire';
import {
  COMPARISON_MS,
  COMPARISONS_CLOSED_MS,
  type ComparisonInput,
  type ComparisonRefusal,
  type Comparisons,
  compare,
  FAILED_WINDOW_MS,
  NO_COMPARISONS,
  type Peer,
  pairingState,
} from '../../src/index.ts';

const [ana, bob, eve] = ['a', 'b', 'e'].map((one) => one.repeat(52) as NodeId) as [NodeId, NodeId, NodeId];
const open = { type: 'open', peer: bob } as const;
const begin = { type: 'begin', peer: bob } as const;
const number = { type: 'number', peer: bob, number: '417902' } as const;
const same = { type: 'same', number: '417902' } as const;
const different = { type: 'different' } as const;
const breakOff = { type: 'break', peer: bob } as const;
const otherSame = { type: 'other-said', peer: bob, same: true } as const;
const otherDifferent = { type: 'other-said', peer: bob, same: false } as const;
const cancel = { type: 'cancel' } as const;
const time = { type: 'time' } as const;
const later = (ms: number) => ({ later: ms });

type Line = ComparisonInput | { later: number };
/** What is left after these inputs, one second apart: step, how it ended, what was refused last, how often it failed. */
function after(lines: readonly Line[], from: Comparisons = NO_COMPARISONS) {
  let state = from;
  let now = 1_000;
  let refusal: ComparisonRefusal | undefined;
  let failed = 0;
  let closes = false;
  for (const line of lines) {
    if ('later' in line) now += line.later;
    else {
      const step = compare(state, line, now);
      state = step.state;
      refusal = step.refusal;
      if (step.failed) failed += 1;
      closes ||= step.failed?.closes === true;
      now += 1_000;
    }
  }
  return { state, step: state.open?.step, end: state.last?.end, refusal, failed, closes, now };
}

const table: [what: string, lines: Line[], expected: Partial<ReturnType<typeof after>>][] = [
  ['nothing is open at first', [begin], { step: undefined, refusal: 'not-open', failed: 0 }],
  ['opened by the owner', [open], { step: 'waiting', failed: 0 }],
  ['opened again', [open, open], { step: 'waiting', refusal: undefined }],
  ['another one meanwhile', [open, { type: 'open', peer: ana }], { step: 'waiting', refusal: 'busy' }],
  [
    'a commitment of somebody else',
    [open, { type: 'begin', peer: eve }],
    { step: 'waiting', refusal: 'not-open', failed: 0 },
  ],
  ['somebody else breaks off', [open, begin, { type: 'break', peer: eve }], { step: 'exchanging', failed: 0 }],
  ['the exchange runs', [open, begin, number], { step: 'number', failed: 0 }],
  ['a second commitment', [open, begin, begin], { step: 'exchanging', refusal: 'busy' }],
  ['a number before any commitment', [open, number], { step: 'waiting', refusal: 'not-open' }],
  ['refused by the other side', [open, begin, { type: 'refused', peer: bob }], { step: 'waiting', failed: 0 }],
  ['broken off before a commitment', [open, breakOff], { step: 'waiting', failed: 0 }],
  ['broken off after a commitment', [open, begin, breakOff], { step: undefined, end: 'broken-off', failed: 1 }],
  ['broken off after the number', [open, begin, number, breakOff], { end: 'broken-off', failed: 1 }],
  ['the same before the number', [open, begin, same], { step: 'exchanging', refusal: 'no-number' }],
  [
    'the other number',
    [open, begin, number, { ...same, number: '111111' }],
    { step: 'number', refusal: 'differs', failed: 0 },
  ],
  ['the same, and the other not yet', [open, begin, number, same], { step: 'number', end: undefined, failed: 0 }],
  ['the same on both sides', [open, begin, number, same, otherSame], { step: undefined, end: 'same', failed: 0 }],
  ['the other first', [open, begin, number, otherSame, same], { step: undefined, end: 'same', failed: 0 }],
  ['the other never', [open, begin, number, same, later(COMPARISON_MS), time], { end: 'one-sided', failed: 0 }],
  ['broken off after the same', [open, begin, number, same, breakOff], { step: 'number', failed: 0 }],
  ['different', [open, begin, number, different], { step: undefined, end: 'different', failed: 1 }],
  ['different, says the other', [open, begin, number, otherDifferent], { end: 'other-says-different', failed: 1 }],
  ['the other says so before there is a number', [open, otherDifferent], { step: 'waiting', failed: 0 }],
  ['given up before a commitment', [open, cancel], { step: undefined, end: 'cancelled', failed: 0 }],
  ['given up after a commitment', [open, begin, number, cancel], { end: 'cancelled', failed: 1 }],
  ['nobody came', [open, later(COMPARISON_MS), time], { step: undefined, end: 'time-is-up', failed: 0 }],
  ['not a moment before two minutes', [open, later(COMPARISON_MS - 2_000), time], { step: 'waiting' }],
  ['no decision', [open, begin, number, later(COMPARISON_MS), time], { end: 'time-is-up', failed: 1 }],
  [
    'time is up without a tick',
    [open, begin, later(COMPARISON_MS), begin],
    { step: undefined, refusal: 'not-open', failed: 1 },
  ],
];
for (const [what, lines, expected] of table) {
  test(`a comparison: ${what}`, () => {
    const found = after(lines);
    for (const [key, value] of Object.entries(expected)) assert.equal(found[key as keyof typeof found], value, key);
  });
}

const failedTry = [open, begin, breakOff];
test('three failed tries in ten minutes, with anyone, close comparisons for ten minutes', () => {
  const others = [{ type: 'open', peer: eve } as const, { type: 'begin', peer: eve } as const, cancel];
  const closed = after([...failedTry, ...others, ...failedTry, open]);
  assert.deepEqual([closed.failed, closed.closes, closed.refusal], [3, true, 'closed']);
  const reopened = compare(closed.state, open, closed.now + COMPARISONS_CLOSED_MS);
  assert.equal(reopened.state.open?.step, 'waiting');
});

test('two, and a third when ten minutes have passed since the first, close nothing', () => {
  const { closes, step } = after([...failedTry, ...failedTry, later(FAILED_WINDOW_MS), ...failedTry, open]);
  assert.deepEqual([closes, step], [false, 'waiting']);
});

test('where two owners are with each other', () => {
  const peer = (change: Partial<Peer>) => ({ id: bob, trust: 'pending', state: 'alive', ...change }) as Peer;
  const trusted = peer({ trust: 'trusted', documents: { count: 1, version: 1 } });
  const comparing = after([open]).state;
  const waiting = after([open, begin, number, same]).state;
  const shown = { peer: bob, at: 1 };
  assert.equal(pairingState(peer({}), {}), 'pending');
  assert.equal(pairingState(peer({}), { shown }), 'knocked');
  assert.equal(pairingState(peer({}), { shown: { peer: eve, at: 1 } }), 'pending');
  assert.equal(pairingState(peer({}), { shown, open: comparing.open }), 'comparing');
  assert.equal(pairingState(trusted, { open: waiting.open }), 'waiting');
  assert.equal(pairingState(trusted, {}), 'trusted');
  assert.equal(pairingState(peer({ trust: 'trusted' }), {}), 'one-sided');
  assert.equal(pairingState(peer({ trust: 'trusted', state: 'dead' }), {}), 'trusted');
  assert.equal(pairingState(peer({ trust: 'blocked' }), { shown, open: comparing.open }), 'blocked');
});

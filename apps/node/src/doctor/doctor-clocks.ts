import type { Check } from '../output/check.ts';
import { utcText } from '../output/time-text.ts';

/** What a peer said of the time: how far its clock is ahead of this machine's, in ms; it is a claim. */
export interface PeerClock {
  readonly who: string;
  readonly aheadMs: number;
}

/** Kith was not there before: a clock that says so has lost its time, as after a flat battery. */
const EARLIEST = Date.UTC(2026, 0, 1);
const OFF_MS = 120_000;
const NAMED = 5;

/** Whether this machine's clock is right, as far as itself and its peers tell. Of two that differ neither is believed. */
export function clockCheck({
  now,
  peers,
  platform = process.platform,
}: {
  now: number;
  peers: readonly PeerClock[];
  platform?: NodeJS.Platform;
}): Check {
  const name = 'clock';
  const others = agreement(peers);
  const right = others ? now + others.aheadMs : undefined;
  if (now < EARLIEST) {
    const known = right === undefined ? '' : `; the peers say ${utcText(right)}`;
    const detail = `this machine’s clock says ${utcText(now)}, which is long past: was its battery empty${known}?`;
    return { name, verdict: 'failed', detail, remedy: `Set it: ${setClock(platform, right)}` };
  }
  const off = peers.filter(({ aheadMs }) => Math.abs(aheadMs) > OFF_MS);
  const [first] = off;
  if (!first) {
    const with_ = peers.length === 0 ? 'no peer to compare it with' : `${peers.length} of ${peers.length} peers agree`;
    return { name, verdict: 'ok', detail: `${utcText(now)}; ${with_}` };
  }
  if (others && Math.abs(others.aheadMs) > OFF_MS) {
    const detail = `this machine’s clock is the one that is wrong: ${others.count} of ${peers.length} peers agree with each other, and it is ${apart(-others.aheadMs)} them`;
    return { name, verdict: 'warning', detail, remedy: `Set it: ${setClock(platform, right)}` };
  }
  if (peers.length === 1) {
    const detail = `the clock of ${first.who} is ${apart(first.aheadMs)} this machine’s: one of the two is wrong, and times of documents will look wrong`;
    return {
      name,
      verdict: 'warning',
      detail,
      remedy: `The one that is wrong must be set. Here: ${setClock(platform)}`,
    };
  }
  const list = off.slice(0, NAMED).map(({ who, aheadMs }) => `${who} is ${apart(aheadMs)} this machine’s`);
  const detail = `clocks that differ, so that times of documents will look wrong: ${list.join('; ')}`;
  return { name, verdict: 'warning', detail, remedy: 'Set the clocks of those machines.' };
}

/** The time that more than half of several peers agree on. */
function agreement(peers: readonly PeerClock[]): { aheadMs: number; count: number } | undefined {
  if (peers.length < 2) return undefined;
  const sorted = peers.map(({ aheadMs }) => aheadMs).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const count = sorted.filter((one) => Math.abs(one - middle) <= OFF_MS).length;
  return count * 2 > sorted.length ? { aheadMs: middle, count } : undefined;
}

/** `7 min ahead of`, `3 h behind` */
function apart(aheadMs: number): string {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  const text =
    minutes < 120
      ? `${minutes} min`
      : minutes < 2880
        ? `${Math.round(minutes / 60)} h`
        : `${Math.round(minutes / 1440)} days`;
  return `${text} ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
}

function setClock(platform: NodeJS.Platform, right?: number): string {
  if (platform === 'darwin') return 'System Settings, General, Date & Time: switch “Set automatically” on, or set it.';
  if (platform === 'win32') return 'Settings, Time & language, Date & time: “Sync now”, or set it.';
  const to = right === undefined ? 'YYYY-MM-DD HH:MM:SS UTC' : `${utcText(right).slice(0, 19)} UTC`;
  return `sudo timedatectl set-ntp true (without internet: sudo date -s "${to}")`;
}

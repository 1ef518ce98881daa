/** The start of every stream: before its first entry. */
export const STREAM_START = '0-0';

/** `<milliseconds>-<number>`, as Redis makes them; anything else was never given by this store. */
export function isStreamId(text: string): boolean {
  return /^\d{1,15}-\d{1,15}$/.test(text);
}

/** Below 0, 0 or above 0, as for sorting. */
export function compareStreamIds(one: string, other: string): number {
  const [oneMs = 0, oneNumber = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number);
  return oneMs - otherMs || oneNumber - otherNumber;
}

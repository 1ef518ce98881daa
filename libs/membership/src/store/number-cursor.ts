/**
 * The position after which to read in a log whose cursors are the numbers `oldest`…`newest`. A cursor of another store
 * (a text, a number that was never given here) reads from the oldest, so that nobody waits for events that came already.
 */
export function numberAfter(cursor: string | undefined, newest: number): number {
  if (cursor === undefined || !/^\d{1,15}$/.test(cursor)) return 0;
  const position = Number(cursor);
  return position <= newest ? position : 0;
}

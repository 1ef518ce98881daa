const FORM = /^\d{1,15}(?:-\d{1,15})?$/;

/**
 * Whether an event comes after another of the same log, by their cursors: a number, or two joined by `-`, of which the
 * first counts more. Every store gives such cursors, so that who follows one log in two ways sees each event once. False
 * for a text that is no cursor.
 */
export function isLaterCursor(one: string, other: string): boolean {
  if (!FORM.test(one) || !FORM.test(other)) return false;
  const [first = 0, second = 0] = one.split('-').map(Number);
  const [otherFirst = 0, otherSecond = 0] = other.split('-').map(Number);
  return first === otherFirst ? second > otherSecond : first > otherFirst;
}

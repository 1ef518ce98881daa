/**
 * Where a key moves the focus in a list of `length` rows from row `at` (-1: the box above the list); undefined where
 * the key is not the list's.
 */
export function listStep(key: string, at: number, length: number): number | undefined {
  if (length === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return Math.min(length - 1, at + 1);
    case 'ArrowUp':
      return at < 0 ? undefined : at - 1;
    case 'Home':
      return at < 0 ? undefined : 0;
    case 'End':
      return at < 0 ? undefined : length - 1;
    default:
      return undefined;
  }
}

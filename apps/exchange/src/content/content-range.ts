export interface ContentRange {
  /** First and last byte, both included. */
  readonly from: number;
  readonly to: number;
}

/**
 * Which part of `size` bytes a `Range` field asks for (RFC 9110 section 14): undefined is the whole, for what is
 * malformed, in another unit or of several parts may be answered with it; 'none' is a range outside of the content.
 */
export function contentRange(field: string | undefined, size: number): ContentRange | 'none' | undefined {
  const match = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(field ?? '');
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const count = Math.min(Number(last), size);
    return count === 0 ? 'none' : { from: size - count, to: size - 1 };
  }
  const from = Number(first);
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < from) return undefined;
  return from >= size ? 'none' : { from, to };
}

/** Whether a list of entity tags (`If-None-Match`) has this one, weak or strong, or is `*`. */
export function hasTag(field: string | undefined, tag: string): boolean {
  if (field === undefined) return false;
  return field.trim() === '*' || field.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}

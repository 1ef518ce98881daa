/** Six digits as people read them aloud: `417 902`; anything else as it is. */
export function checkNumber(check: string): string {
  return /^\d{6}$/.test(check) ? `${check.slice(0, 3)} ${check.slice(3)}` : check;
}

/** For a screen reader: digit by digit. */
export function checkSpoken(check: string): string {
  return [...check].join(' ');
}

/**
 * `Content-Disposition` that makes a browser save the content under this name and never show it (RFC 6266): an ASCII
 * name for old programs, and the whole name in UTF-8.
 */
export function attachment(name: string): string {
  const plain =
    name
      .normalize('NFKD')
      .replace(/[^\x20-\x7e]/g, '')
      .replace(/["\\/%]/g, '_')
      .trim() || 'document';
  const whole = encodeURIComponent(name.toWellFormed().replace(/[/\\]/g, '_')).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}

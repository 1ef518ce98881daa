/** Header fields of every answer of every listener: no other site's page embeds it, no browser guesses its type or keeps it. */
export const GUARDED_ANSWER = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
} as const;

type Fields = Readonly<Record<string, string | string[] | undefined>>;

/** Whether a page of another site, or of another port of this host, made a browser send the request (Fetch Metadata). */
export function isFromAnotherSite(headers: Fields): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Whether a browser asks in order to show the answer as a page of its own, in no frame and as no picture or object. */
export function isPageOpening({ method, headers }: { readonly method: string; readonly headers: Fields }): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

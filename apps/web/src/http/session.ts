import { ENTER_FRAGMENT, HEADER_PAGE, PASS_PARAMETER, passSchema, sessionSchema } from '@kith/wire';
import { errorFrom, parsed } from './request-error.ts';

const KEY = 'kith-session';

/**
 * What shows that this page is the owner's, where the node cannot know it by itself; undefined where nothing is kept. It
 * is sent as a bearer and is no cookie: those are sent to every port of a host.
 */
export function session(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Header fields of every request of the page. */
export function shownFields(): Record<string, string> {
  const kept = session();
  return { [HEADER_PAGE]: '1', ...(kept === undefined ? {} : { authorization: `Bearer ${kept}` }) };
}

/** Whether the page was opened with a link of `kith open`. */
export const opensByLink = () => window.location.hash.startsWith(`#${ENTER_FRAGMENT}`);

/**
 * Changes the link with which the page was opened (`#enter=…`) for a session. The link leaves the address at once, so
 * that no history keeps it. Resolves with the sentence that says why it was not taken.
 */
export async function enter(): Promise<string | undefined> {
  if (!opensByLink()) return undefined;
  const fragment = window.location.hash.slice(1);
  window.history.replaceState(null, '', '#/');
  const answer = await post('/_kith/session', { once: fragment.slice(ENTER_FRAGMENT.length) });
  const text = await answer.text();
  const made = sessionSchema.safeParse(parsed(text));
  if (!answer.ok || !made.success) return errorFrom(answer.status, text).message;
  localStorage.setItem(KEY, made.data.session);
  return undefined;
}

/** Whether what a browser opens by itself, a download or another page, needs a pass. */
const needsPass = () => session() !== undefined || !window.isSecureContext;

/** For a click on a link of this node: opens it with a pass, where one is needed. */
export function openWithPass(event: { readonly currentTarget: HTMLAnchorElement; preventDefault(): void }): void {
  const link = event.currentTarget;
  if (!needsPass() || new URL(link.href).searchParams.has(PASS_PARAMETER)) return;
  event.preventDefault();
  void passFor(link.href).then((url) => {
    const opened = link.cloneNode() as HTMLAnchorElement;
    opened.href = url;
    opened.click();
  });
}

async function passFor(url: string): Promise<string> {
  const answer = await post('/_kith/pass', { url });
  const made = passSchema.safeParse(parsed(await answer.text()));
  // Without a pass the node itself says what is wrong.
  return made.success ? made.data.url : url;
}

function post(path: string, body: unknown): Promise<Response> {
  const headers = { accept: 'application/json', 'content-type': 'application/json', ...shownFields() };
  return fetch(path, { method: 'POST', headers, body: JSON.stringify(body), cache: 'no-store', redirect: 'error' });
}

import { z } from 'zod';

/** `POST /_kith/entrance`: ways into the page for a browser that the kernel does not know as the owner's. */
export const entranceSchema = z.object({
  /** The page's address with a link that is good once. */
  url: z.url(),
  /** The page's address alone. */
  page: z.url(),
  /** Whether the kernel says that who asked is the owner: such a user's browser needs no link. */
  known: z.boolean(),
});
export type Entrance = z.infer<typeof entranceSchema>;

/** In the fragment of a link into the page, which no browser sends anywhere. */
export const ENTER_FRAGMENT = 'enter=';

/** `POST /_kith/session`: what stood in the link becomes the page's session. The only answer that needs no proof. */
export const sessionRequestSchema = z.object({ once: z.string().min(1).max(100) });
export const sessionSchema = z.object({ session: z.string().min(1).max(300) });

/** `POST /_kith/pass`: an address of this node, with a parameter that lets a browser open it by itself for a while. */
export const passRequestSchema = z.object({ url: z.url({ protocol: /^https?$/ }).max(8000) });
export const passSchema = z.object({ url: z.url() });

/** The last parameter of an address that carries a pass. */
export const PASS_PARAMETER = 'kith-pass';

/** What of the page holds nothing of the node: served to anybody on this computer, so that the page can enter. */
export const isOpenPagePath = (path: string): boolean =>
  path === '/' || path === '/kith.svg' || /^\/assets\/[A-Za-z0-9_.-]+$/.test(path);

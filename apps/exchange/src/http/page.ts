import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { isFromAnotherSite, ServiceError } from '@kith/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { askerOf } from './access.ts';

/**
 * Scripts and styles only from files of this origin. The page needs nothing inline: Mantine's variables are a static
 * style sheet there, and React sets style attributes through the object model, which no policy forbids.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Kith</title>
<p>This node runs, but its page was not built. In the folder of Kith run <code>npm run build</code>, then load this again.</p></html>
`;
const ROLES = ['owner', 'peer', 'anybody'] as const;

/**
 * Serves the built web page to the owner and to visiting peers: assets, which have hashed names, to be kept for ever, the
 * rest to be asked for anew; any other address that a browser opens gets the page itself.
 */
export async function page(app: FastifyInstance, { directory }: { directory: string }): Promise<void> {
  await app.register(fastifyStatic, {
    root: directory,
    serve: false,
    index: false,
    dotfiles: 'deny',
    cacheControl: false,
  });

  const sendPage = async (request: FastifyRequest, reply: FastifyReply) => {
    // The page itself may still show a session that a browser keeps; whoever has none reads there what to do.
    if (askerOf(request).role === 'anybody') reply.code(401).header('www-authenticate', 'Bearer realm="kith"');
    const html = await readFile(join(directory, 'index.html'), 'utf8').catch(() => NOT_BUILT);
    // Opened by a link of another site, the page does not do what the link says: its words would start a search.
    const opened = isFromAnotherSite(request.headers) ? html.replace('<html ', '<html data-from="elsewhere" ') : html;
    return reply
      .headers({ ...HEADERS, 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(opened);
  };
  app.get('/', { config: { roles: ROLES } }, (request, reply) => sendPage(request, reply));
  app.get('/*', { config: { roles: ROLES } }, async (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    const isFile = /\.[a-z0-9]+$/i.test(path) && path !== 'index.html';
    if (!path.startsWith('api/') && isFile) {
      const forEver = path.startsWith('assets/');
      const keep = forEver ? 'public, max-age=31536000, immutable' : 'no-cache';
      return reply.headers({ ...HEADERS, 'cache-control': keep }).sendFile(path);
    }
    const navigates = request.headers.accept?.includes('text/html') ?? false;
    if (navigates && !path.startsWith('api/')) return sendPage(request, reply);
    throw new ServiceError('not_found', `There is no ${request.method} ${request.url.slice(0, 200)} here.`);
  });
}

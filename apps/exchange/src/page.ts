import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { ServiceError } from '@kith/service';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** What the built page has where a style nonce belongs (`html.cspNonce` of Vite and `getStyleNonce` of Mantine). */
const NONCE_PLACE = '%KITH_NONCE%';
const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Kith</title>
<p>This node runs, but its page was not built. In the folder of Kith run <code>npm run build</code>, then load this again.</p></html>
`;

/**
 * Serves the built web page to the owner and to visiting peers: assets with hashed names for ever, the rest anew each
 * time; any other address that a browser opens gets the page itself.
 */
export async function page(app: FastifyInstance, { directory }: { directory: string }): Promise<void> {
  const indexFile = join(directory, 'index.html');
  const roles = ['owner', 'peer'] as const;

  const sendPage = async (reply: FastifyReply) => {
    const html = await readPage(indexFile);
    const nonce = randomBytes(16).toString('base64');
    const style = html.includes(NONCE_PLACE) ? `'nonce-${nonce}'` : "'unsafe-inline'";
    return reply
      .headers({ ...pageHeaders(style), 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(html.replaceAll(NONCE_PLACE, nonce));
  };

  if (await isFolder(directory)) {
    await app.register(fastifyStatic, {
      root: directory,
      serve: false,
      index: false,
      dotfiles: 'deny',
      cacheControl: false,
    });
  }
  app.get('/', { config: { roles } }, (_request, reply) => sendPage(reply));
  app.get('/*', { config: { roles } }, async (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    if (path.startsWith('api/')) throw notHere(request.method, request.url);
    if (/\.[a-z0-9]+$/i.test(path) && path !== 'index.html') {
      if (!reply.sendFile) throw notHere(request.method, request.url);
      const forEver = path.startsWith('assets/');
      reply.headers({
        ...pageHeaders("'self'"),
        'cache-control': forEver ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
      return reply.sendFile(path);
    }
    if (!(request.headers.accept ?? '').includes('text/html')) throw notHere(request.method, request.url);
    return sendPage(reply);
  });
}

/**
 * Scripts only from this origin and only from files. Styles: Mantine makes `<style>` elements in the page, which a nonce
 * lets in; a page without a place for one needs inline styles, which can do no more than look wrong.
 */
function pageHeaders(style: string): Record<string, string> {
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': `'self' ${style}`,
    // Mantine sets colours and sizes in `style` attributes; values in them come from our own code.
    'style-src-attr': "'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'manifest-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  return {
    'content-security-policy': Object.entries(policy)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}

async function readPage(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return NOT_BUILT;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

const notHere = (method: string, url: string) =>
  new ServiceError('not_found', `There is no ${method} ${url.slice(0, 200)} here.`);

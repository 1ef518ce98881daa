import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { DocumentIndex } from '@kith/documents';
import { parse, ServiceError } from '@kith/service';
import { type documentTextSchema, hashParamsSchema, wholeNumber } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { contentRange, hasTag } from '../../content/content-range.ts';
import { type DocumentFiles, notFound } from '../../content/document-files.ts';
import { nameForAudit } from '../audit-uses.ts';
import { attachment } from '../content-disposition.ts';

const TEXT_PIECE_MAX = 1_000_000;
const textQuery = z.object({
  from: wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER }).default(0),
  length: wholeNumber({ min: 1, max: TEXT_PIECE_MAX }).default(100_000),
});

/** `/api/documents/<hash>/content` and `/api/documents/<hash>/text`. */
export async function contentRoutes(
  app: FastifyInstance,
  { index, documentFiles }: { index: DocumentIndex; documentFiles: DocumentFiles },
): Promise<void> {
  const roles = ['owner', 'peer', 'service'] as const;

  app.get('/api/documents/:hash/content', { config: { roles } }, async (request, reply) => {
    const { hash } = parse(hashParamsSchema, request.params, 'The address');
    const document = await index.get(hash);
    if (!document) throw notFound();
    nameForAudit(request, document.name);
    const tag = `"${hash}"`;
    reply.headers({ etag: tag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache' });
    if (hasTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
    const content = await documentFiles.open(hash);
    const ifRange = request.headers['if-range'];
    const field = ifRange === undefined || ifRange === tag ? request.headers.range : undefined;
    const range = request.method === 'GET' ? contentRange(field, content.size) : undefined;
    if (range === 'none') {
      await content.close();
      reply.header('content-range', `bytes */${content.size}`);
      throw new ServiceError(
        'range_not_satisfiable',
        `The document has ${content.size} bytes: ask for a part of these.`,
      );
    }
    const { from, to } = range ?? { from: 0, to: content.size - 1 };
    const isRead = request.method === 'GET' && content.size > 0;
    // The first piece before the head of the answer: what is wrong with it can be said in words then.
    const pieces = isRead ? await begun(content.read({ from, to }), content) : undefined;
    reply.headers({
      'content-type': document.mediaType,
      'content-length': to - from + 1,
      'content-disposition': attachment(document.name),
      // Whatever a document holds, a browser runs none of it and guesses no type.
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (range) reply.code(206).header('content-range', `bytes ${from}-${to}/${content.size}`);
    if (content.size === 0) {
      await content.close();
      return reply.send('');
    }
    if (request.method === 'HEAD') {
      await content.close();
      // Fastify would set the length of what it was given to send, which is nothing.
      reply.hijack();
      reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders).end();
      return reply;
    }
    const stream = Readable.from(pieces ?? [], { objectMode: false, highWaterMark: 512 * 1024 });
    stream.once('close', () => void content.close());
    return reply.send(stream);
  });

  app.get(
    '/api/documents/:hash/text',
    { config: { roles } },
    async (request): Promise<z.infer<typeof documentTextSchema>> => {
      const { hash } = parse(hashParamsSchema, request.params, 'The address');
      const { from, length } = parse(textQuery, request.query, 'The query');
      const document = await index.get(hash);
      if (!document) throw notFound();
      nameForAudit(request, document.name);
      const { text } = document;
      return { text: text.slice(from, from + length).toWellFormed(), from, total: text.length };
    },
  );
}

async function begun(
  pieces: AsyncGenerator<Uint8Array>,
  content: { close(): Promise<void> },
): Promise<AsyncGenerator<Uint8Array>> {
  const first = await pieces.next().catch(async (error) => {
    await content.close();
    throw error;
  });
  return (async function* () {
    if (!first.done) yield first.value;
    yield* pieces;
  })();
}

import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { DocumentIndex, FileCatalogue } from '@kith/documents';
import { parse, type RoomReserve, ServiceError } from '@kith/service';
import {
  type DocumentDetail,
  type DocumentPage,
  documentHashSchema,
  hashParamsSchema,
  newTextSchema,
  type uploadedSchema,
  wholeNumber,
} from '@kith/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { UPLOAD_FILES_MAX, UPLOAD_SILENCE_MS } from '../../config.ts';
import { notFound } from '../../content/document-files.ts';
import type { Shares } from '../../folders/shares.ts';
import { type Ledger, UPLOAD_SOURCE } from '../../index/ledger.ts';
import type { BlobStore } from '../../uploads/blob-store.ts';
import { giveUpWhenSilent } from '../../uploads/silence.ts';
import type { IncomingFile, Uploads } from '../../uploads/uploads.ts';
import { askerOf } from '../access.ts';
import { nameForAudit } from '../audit-uses.ts';

export interface DocumentRoutesOptions {
  readonly index: DocumentIndex;
  readonly files: FileCatalogue;
  readonly ledger: Ledger;
  readonly shares: Shares;
  readonly uploads: Uploads;
  readonly blobs: BlobStore;
  readonly uploadLimit: number;
  /** For a full disk, on which nothing could be deleted without it. */
  readonly reserve: RoomReserve;
}

/** Of a posted text: five million characters as JSON, each escaped at worst. */
const TEXT_BODY_BYTES = 32 * 1024 * 1024;
const PAGE_MAX = 200;
const pageQuery = z.object({
  limit: wholeNumber({ min: 1, max: PAGE_MAX }).default(50),
  after: z
    .string()
    .regex(/^\d{1,16}-[0-9a-f]{64}$/, 'the `next` of the page before')
    .optional(),
});

/** `/api/documents` and `/api/documents/<hash>`. */
export async function documentRoutes(app: FastifyInstance, options: DocumentRoutesOptions): Promise<void> {
  const { index, files, ledger, shares, uploads, blobs, uploadLimit, reserve } = options;
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: {
      fileSize: uploadLimit,
      files: UPLOAD_FILES_MAX,
      fields: 100,
      fieldSize: 10_000,
      parts: UPLOAD_FILES_MAX + 100,
    },
  });

  app.get(
    '/api/documents',
    { config: { roles: ['owner', 'peer', 'service'] } },
    async (request): Promise<DocumentPage> => {
      const { limit, after } = parse(pageQuery, request.query, 'The query');
      const [documents, { documents: total }] = await Promise.all([
        index.list({ limit, after: after === undefined ? undefined : placeOf(after) }),
        index.statistics(),
      ]);
      const last = documents.length === limit ? documents.at(-1) : undefined;
      return { documents, total, ...(last ? { next: `${last.modifiedAt}-${last.hash}` } : {}) };
    },
  );

  app.post('/api/documents', { bodyLimit: TEXT_BODY_BYTES }, async (request, reply) => {
    if (!request.isMultipart()) {
      const { title, text } = parse(newTextSchema, request.body, 'The text');
      const name = /\.(txt|md)$/i.test(title) ? title : `${title}.txt`;
      const file = { name: name.replace(/[/\\]/g, '_'), title, content: Readable.from([Buffer.from(text)]) };
      return answerUpload(await uploads.take(oneOf(file)), reply);
    }
    await blobs.requireRoom(Number(request.headers['content-length'] ?? 0)).catch((error) => {
      // Nothing of the body is read, so nothing more can come over this connection.
      reply.header('connection', 'close');
      throw error;
    });
    giveUpWhenSilent(request.raw, UPLOAD_SILENCE_MS);
    return answerUpload(await uploads.take(partsOf(request)), reply);
  });

  app.get(
    '/api/documents/:hash',
    { config: { roles: ['owner', 'peer', 'service'] } },
    async (request): Promise<DocumentDetail> => {
      const { hash } = parse(hashParamsSchema, request.params, 'The address');
      const [document, holders] = await Promise.all([index.get(hash), files.filesWith(hash)]);
      if (!document || holders.length === 0) throw notFound();
      const { title, name, mediaType, size, modifiedAt } = document;
      nameForAudit(request, name);
      const indexed = holders.some(({ state }) => state === 'indexed');
      const detail = { hash, title, name, mediaType, size, modifiedAt, indexed };
      if (askerOf(request).role === 'peer') return detail;
      const shown = holders.map(({ source, path }) => ({ source: shares.pathOf(source) ?? source, path }));
      return { ...detail, files: shown };
    },
  );

  app.delete('/api/documents/:hash', async (request, reply) => {
    const { hash } = parse(hashParamsSchema, request.params, 'The address');
    const holders = await files.filesWith(hash);
    if (holders.length === 0) throw notFound();
    const inFolder = holders.find(({ source }) => source !== UPLOAD_SOURCE);
    if (inFolder) {
      const folder = shares.pathOf(inFolder.source) ?? 'a shared folder';
      throw new ServiceError(
        'document_shared_from_folder',
        `It lies in ${folder} as ${inFolder.path}: remove the file there, or stop sharing the folder.`,
      );
    }
    await reserve.use(() => ledger.forget(holders));
    return reply.code(204).send();
  });
}

async function* oneOf(file: IncomingFile): AsyncGenerator<IncomingFile> {
  yield file;
}

async function* partsOf(request: FastifyRequest): AsyncGenerator<IncomingFile> {
  for await (const part of request.parts()) {
    if (part.type !== 'file') continue;
    yield { name: part.filename, content: part.file, isCut: () => part.file.truncated };
  }
}

function answerUpload(
  { documents, problems }: Awaited<ReturnType<Uploads['take']>>,
  reply: { code(status: number): unknown },
): z.infer<typeof uploadedSchema> {
  const [first] = problems;
  if (documents.length === 0 && first) throw new ServiceError(first.code, `${first.name}: ${first.message}`);
  if (documents.length === 0) throw new ServiceError('bad_request', 'The request holds no file: send at least one.');
  reply.code(201);
  return { documents, problems: problems.map(({ name, message }) => ({ name, message })) };
}

function placeOf(after: string): { modifiedAt: number; hash: string } {
  const [at = '', hash = ''] = after.split('-');
  return { modifiedAt: Number(at), hash: documentHashSchema.parse(hash) };
}

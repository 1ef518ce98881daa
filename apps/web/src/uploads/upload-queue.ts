/** One file on its way to this node. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly state: 'waiting' | 'sending' | 'done' | 'failed';
  /** Bytes sent. */
  readonly sent: number;
  /** Why it failed. */
  readonly message?: string;
}

export type UploadStep =
  | { readonly kind: 'added'; readonly uploads: readonly Pick<Upload, 'key' | 'name' | 'size'>[] }
  | { readonly kind: 'progress'; readonly key: number; readonly sent: number }
  | { readonly kind: 'done'; readonly key: number }
  | { readonly kind: 'failed'; readonly key: number; readonly message: string }
  | { readonly kind: 'retried'; readonly key: number }
  | { readonly kind: 'cleared' };

/** How a file's fate changes the list. A file that failed stays until it is cleared or tried again. */
export function uploadReducer(uploads: readonly Upload[], step: UploadStep): readonly Upload[] {
  const change = (key: number, to: (upload: Upload) => Upload) =>
    uploads.map((upload) => (upload.key === key ? to(upload) : upload));
  switch (step.kind) {
    case 'added':
      return [...uploads, ...step.uploads.map((upload) => ({ ...upload, state: 'waiting' as const, sent: 0 }))];
    case 'progress':
      return change(step.key, (upload) => ({ ...upload, state: 'sending', sent: Math.min(upload.size, step.sent) }));
    case 'done':
      return change(step.key, ({ key, name, size }) => ({ key, name, size, state: 'done', sent: size }));
    case 'failed':
      return change(step.key, (upload) => ({ ...upload, state: 'failed', message: step.message }));
    case 'retried':
      return change(step.key, ({ key, name, size }) => ({ key, name, size, state: 'waiting', sent: 0 }));
    case 'cleared':
      return uploads.filter(({ state }) => state === 'waiting' || state === 'sending');
  }
}

export interface UploadTotals {
  readonly done: number;
  readonly failed: number;
  readonly open: number;
  /** 0 to 100, by bytes; an empty file counts as one byte. */
  readonly percent: number;
}

export function uploadTotals(uploads: readonly Upload[]): UploadTotals {
  const counted = (state: Upload['state']) => uploads.filter((upload) => upload.state === state).length;
  const all = uploads.reduce((sum, { size }) => sum + Math.max(1, size), 0);
  const sent = uploads.reduce(
    (sum, { state, size, sent }) => sum + (state === 'done' || state === 'failed' ? Math.max(1, size) : sent),
    0,
  );
  const open = counted('waiting') + counted('sending');
  return {
    done: counted('done'),
    failed: counted('failed'),
    open,
    percent: all === 0 ? 0 : Math.round((100 * sent) / all),
  };
}

/** `2 of 5 files sent`, `5 files shared`, `4 files shared, 1 failed`. */
export function uploadSentence({ done, failed, open }: UploadTotals): string {
  const files = (n: number) => `${n} ${n === 1 ? 'file' : 'files'}`;
  if (open > 0) return `Sharing: ${done + failed} of ${files(done + failed + open)} sent`;
  if (done === 0 && failed > 0) return `${files(failed)} could not be shared`;
  return failed > 0 ? `${files(done)} shared, ${failed} failed` : `${files(done)} shared`;
}

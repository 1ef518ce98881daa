import { Dropzone } from '@mantine/dropzone';
import { IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import { messageOf } from '../http/request-error.ts';
import { documentsQuery } from '../live/queries.ts';
import { sendFile } from './send-file.ts';
import { UploadContext } from './upload-context.ts';
import { uploadReducer } from './upload-queue.ts';
import { UploadStrip } from './upload-strip.tsx';
import '../documents/documents.css';

/** Files sent at the same time. */
const LANES = 2;

/** Takes files dropped anywhere on the page, and sends them while the owner goes on with something else. */
export function UploadProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [uploads, dispatch] = useReducer(uploadReducer, []);
  const files = useRef(new Map<number, File>());
  const next = useRef(0);
  const started = useRef(new Set<number>());

  const add = useCallback((added: readonly File[]) => {
    const named = added.map((file) => {
      const key = next.current++;
      files.current.set(key, file);
      return { key, name: file.name, size: file.size };
    });
    dispatch({ kind: 'added', uploads: named });
  }, []);
  const retry = useCallback((key: number) => {
    started.current.delete(key);
    dispatch({ kind: 'retried', key });
  }, []);
  const clear = useCallback(() => dispatch({ kind: 'cleared' }), []);

  useEffect(() => {
    const busy = uploads.filter(
      ({ key, state }) => state === 'sending' || (state === 'waiting' && started.current.has(key)),
    );
    const waiting = uploads.filter(({ key, state }) => state === 'waiting' && !started.current.has(key));
    for (const { key } of waiting.slice(0, Math.max(0, LANES - busy.length))) {
      const file = files.current.get(key);
      if (!file) continue;
      started.current.add(key);
      sendFile(file, (sent) => dispatch({ kind: 'progress', key, sent }))
        .then(() => {
          files.current.delete(key);
          dispatch({ kind: 'done', key });
          void client.invalidateQueries({ queryKey: documentsQuery.queryKey });
        })
        .catch((error: unknown) => dispatch({ kind: 'failed', key, message: messageOf(error) }));
    }
  }, [uploads, client]);

  const value = useMemo(() => ({ uploads, add, retry, clear }), [uploads, add, retry, clear]);
  return (
    <UploadContext value={value}>
      {children}
      <Dropzone.FullScreen onDrop={add} activateOnKeyboard={false} aria-label="Drop files to share them">
        <div className="drop-hint">
          <IconUpload size={40} stroke={1.5} aria-hidden />
          <p className="drop-title">Drop to share</p>
          <p className="quiet">Trusted peers can search and open what you drop here.</p>
        </div>
      </Dropzone.FullScreen>
      <UploadStrip />
    </UploadContext>
  );
}

import type { SearchResult } from '@kith/wire';
import { Drawer, VisuallyHidden } from '@mantine/core';
import { useRef } from 'react';
import { ReaderBody } from './reader-body.tsx';
import './reader.css';

interface ReaderDrawerProps {
  /** The result that is open, where the list still has it. */
  readonly document: SearchResult | undefined;
  /** Hash of the open document; empty: closed. */
  readonly hash: string;
  readonly query: string;
  readonly prefix: boolean;
  readonly onClose: () => void;
}

/** A document beside the list it was opened from; Escape and Back close it, and the list has the focus again. */
export function ReaderDrawer({ document: now, hash, query, prefix, onClose }: ReaderDrawerProps) {
  // Kept while the drawer slides out, and while a search that runs again has not found it yet.
  const kept = useRef<{ hash: string; document: SearchResult | undefined }>({ hash: '', document: undefined });
  if (hash !== '' && (kept.current.hash !== hash || now)) kept.current = { hash, document: now };
  const shown = kept.current;
  return (
    <Drawer.Root opened={hash !== ''} onClose={onClose} position="right" size="min(100vw, 46rem)" lockScroll={false}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content aria-label="Document">
        <VisuallyHidden>
          <Drawer.Title>Document</Drawer.Title>
        </VisuallyHidden>
        {shown.hash !== '' && (
          <ReaderBody
            key={shown.hash}
            hash={shown.hash}
            document={shown.document}
            query={query}
            prefix={prefix}
            onClose={onClose}
          />
        )}
      </Drawer.Content>
    </Drawer.Root>
  );
}

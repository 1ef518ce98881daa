import { type DocumentDetail, type DocumentSummary, documentHashSchema, type Holder } from '@kith/wire';
import { Button, Drawer, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { DocumentFacts } from '../document/document-facts.tsx';
import { openWithPass } from '../http/session.ts';
import { useNow } from '../live/use-now.ts';
import { documentPath } from './document-path.ts';
import type { FromHolder } from './try-holders.ts';

interface ReaderHeadProps {
  readonly hash: string;
  readonly document: DocumentSummary | undefined;
  readonly holders: readonly Holder[];
  /** From whom the document is read; absent until one has answered. */
  readonly answer: FromHolder<DocumentDetail> | undefined;
  readonly onClose: () => void;
}

export function ReaderHead({ hash, document, holders, answer, onClose }: ReaderHeadProps) {
  const now = useNow();
  const from = answer?.holder ?? holders[0];
  return (
    <header className="reader-head">
      <div className="reader-bar">
        <Drawer.CloseButton aria-label="Close (Escape)" onClick={onClose} />
        <div className="row">
          {from && (
            <Button
              component="a"
              size="xs"
              href={contentOf(from, hash)}
              onClick={openWithPass}
              download={document?.name ?? true}
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              Download
            </Button>
          )}
          {holders.length > 1 && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
                  {holders.length} copies
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>The same file, from</Menu.Label>
                {holders.map((holder) => (
                  <Menu.Item
                    key={holder.id}
                    component="a"
                    href={contentOf(holder, hash)}
                    onClick={openWithPass}
                    download={document?.name ?? true}
                    leftSection={<IconDownload size={14} aria-hidden />}
                  >
                    {holder.self ? 'This node' : <bdi>{holder.name}</bdi>}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </div>
      </div>
      <h2 className="reader-title">
        <bdi>{document?.title ?? 'Document'}</bdi>
      </h2>
      <p className="dots small quiet">
        {document && <DocumentFacts document={document} now={now} />}
        {answer && (
          <span>read from {answer.holder.self ? 'this node' : <bdi className="name">{answer.holder.name}</bdi>}</span>
        )}
      </p>
      {answer?.failures.map(({ holder, message }) => (
        <p key={holder.id} className="note note-wait small">
          <bdi className="name">{holder.name}</bdi> did not give it: {message}
        </p>
      ))}
      {answer?.value.files && answer.value.files.length > 0 && (
        <ul className="small quiet">
          {answer.value.files.slice(0, 4).map(({ source, path }) => (
            <li key={`${source} ${path}`}>
              <bdi className="mono">{path}</bdi>
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}

const contentOf = (holder: Holder, hash: string) => `${documentPath(holder, documentHashSchema.parse(hash))}/content`;

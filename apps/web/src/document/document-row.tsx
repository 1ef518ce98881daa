import type { DocumentSummary } from '@kith/wire';
import { ActionIcon } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { formatRoute, parseRoute } from '../live/route.ts';
import { useNow } from '../live/use-now.ts';
import { go } from '../live/use-route.ts';
import { DocumentFacts } from './document-facts.tsx';
import '../documents/documents.css';

interface DocumentRowProps {
  readonly document: DocumentSummary;
  /** Absent where the list only shows. */
  readonly onRemove?: ((document: DocumentSummary) => void) | undefined;
}

export function DocumentRow({ document, onRemove }: DocumentRowProps) {
  const now = useNow();
  const { hash, title } = document;
  return (
    <li className="document">
      <div className="document-text">
        <a
          href={formatRoute({ ...parseRoute(window.location.hash), open: hash })}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            go({ open: hash });
          }}
        >
          <bdi>{title}</bdi>
        </a>
        <p className="small quiet dots">
          <DocumentFacts document={document} now={now} />
        </p>
      </div>
      {onRemove && (
        <ActionIcon
          className="document-remove"
          variant="subtle"
          color="gray"
          aria-label={`Remove ${title}`}
          onClick={() => onRemove(document)}
        >
          <IconTrash size={17} stroke={1.7} />
        </ActionIcon>
      )}
    </li>
  );
}

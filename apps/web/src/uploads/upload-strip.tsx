import { ActionIcon, Button, Progress } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useUploads } from './upload-context.ts';
import { uploadSentence, uploadTotals } from './upload-queue.ts';
import { useClearLater } from './use-clear-later.ts';

const FAILURES_SHOWN = 20;

/** How the sending goes, at the foot of the page: progress for all, and each failure with its reason. */
export function UploadStrip() {
  const { uploads, retry, clear } = useUploads();
  const totals = uploadTotals(uploads);
  useClearLater(uploads.length > 0 && totals.open === 0 && totals.failed === 0, clear);
  if (uploads.length === 0) return null;
  const failed = uploads.filter(({ state }) => state === 'failed');
  const sending = uploads.filter(({ state }) => state === 'sending');
  return (
    <section className="upload-strip card" aria-label="Uploads">
      <div className="row row-between">
        <p aria-live="polite">
          <strong>{uploadSentence(totals)}</strong>
        </p>
        {totals.open === 0 && (
          <ActionIcon variant="subtle" color="gray" aria-label="Close the list of uploads" onClick={clear}>
            <IconX size={17} />
          </ActionIcon>
        )}
      </div>
      {totals.open > 0 && <Progress value={totals.percent} size="sm" aria-label={`${totals.percent} % sent`} />}
      {sending.map(({ key, name, sent, size }) => (
        <p key={key} className="small quiet upload-row">
          <bdi>{name}</bdi> <span>{size === 0 ? '' : `${Math.round((100 * sent) / size)} %`}</span>
        </p>
      ))}
      {failed.length > 0 && (
        <ul className="stack upload-failures">
          {failed.slice(0, FAILURES_SHOWN).map(({ key, name, message }) => (
            <li key={key} className="note note-bad small row row-between">
              <span>
                <bdi>{name}</bdi>: {message}
              </span>
              <Button variant="default" aria-label={`Try ${name} again`} onClick={() => retry(key)}>
                Try again
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

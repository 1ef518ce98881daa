import { type DocumentSummary, documentDetailSchema } from '@kith/wire';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { getJson, send } from '../http/request.ts';
import { messageOf } from '../http/request-error.ts';
import { documentsQuery, sharesQuery } from '../live/queries.ts';

interface RemoveDialogProps {
  readonly document: DocumentSummary | undefined;
  readonly onClose: () => void;
}

/** Removes an upload; says where a document lies that a shared folder holds, because only its owner removes it there. */
export function RemoveDialog({ document, onClose }: RemoveDialogProps) {
  const client = useQueryClient();
  const { data: shares = [] } = useQuery(sharesQuery);
  const hash = document?.hash;
  const detail = useQuery({
    queryKey: ['document-files', hash],
    queryFn: ({ signal }) => getJson(`/api/documents/${hash}`, documentDetailSchema, { signal }),
    enabled: hash !== undefined,
    staleTime: 0,
  });
  const remove = useMutation({
    mutationFn: (removed: DocumentSummary) => send(`/api/documents/${removed.hash}`, { method: 'DELETE' }),
    onError: (error) =>
      notifications.show({ color: 'red', title: 'The document was not removed', message: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: documentsQuery.queryKey }),
  });
  const inFolder = detail.data?.files?.find(({ source }) => shares.some(({ path }) => path === source));

  return (
    <ConfirmDialog
      opened={document !== undefined}
      title="Remove this document?"
      action="Remove"
      possible={detail.data !== undefined && inFolder === undefined}
      onClose={onClose}
      onConfirm={() => document && remove.mutate(document)}
    >
      {inFolder ? (
        <p>
          <bdi className="name">{document?.title}</bdi> lies in the shared folder{' '}
          <bdi className="mono">{inFolder.source}</bdi> as <bdi className="mono">{inFolder.path}</bdi>. Remove the file
          there, or stop sharing the folder.
        </p>
      ) : (
        <p>
          <bdi className="name">{document?.title}</bdi> is no longer shared, and its copy on this node is deleted.
        </p>
      )}
      {detail.error && <p className="note note-bad">{messageOf(detail.error)}</p>}
    </ConfirmDialog>
  );
}

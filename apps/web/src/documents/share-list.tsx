import { newShareSchema, type Share } from '@kith/wire';
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconFolderPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { send } from '../http/request.ts';
import { messageOf } from '../http/request-error.ts';
import { sharesQuery } from '../live/queries.ts';
import { LeftOut } from './left-out.tsx';
import { shareState } from './share-state.ts';

/** Folders that are shared where they are. */
export function ShareList() {
  const client = useQueryClient();
  const { data: shares = [] } = useQuery(sharesQuery);
  const [path, setPath] = useState('');
  const [asked, setAsked] = useState<Share | undefined>();
  const onSettled = () => client.invalidateQueries({ queryKey: sharesQuery.queryKey });
  const add = useMutation({
    mutationFn: (chosen: string) =>
      send('/api/shares', { method: 'POST', body: newShareSchema.parse({ path: chosen }) }),
    onSuccess: () => setPath(''),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Share) => send(`/api/shares/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onError: (error) =>
      notifications.show({ color: 'red', title: 'The folder is still shared', message: messageOf(error) }),
    onSettled,
  });

  return (
    <section className="card" aria-labelledby="folders">
      <h2 id="folders">Shared folders</h2>
      <ul className="shares">
        {shares.map((share) => {
          const { text, tone } = shareState(share);
          return (
            <li key={share.id} className="share">
              <div>
                <bdi className="mono">{share.path}</bdi>
                <p className={`small share-${tone}`}>{text}</p>
                <LeftOut share={share} />
              </div>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Stop sharing ${share.path}`}
                onClick={() => setAsked(share)}
              >
                <IconX size={17} />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== '') add.mutate(path.trim());
        }}
      >
        <TextInput
          label="Folder on this machine"
          description="Read where it is, with everything in it but keys and passwords; never changed."
          placeholder="/home/ana/Documents"
          autoComplete="off"
          spellCheck={false}
          value={path}
          error={add.error ? messageOf(add.error) : undefined}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          leftSection={<IconFolderPlus size={16} aria-hidden />}
          disabled={path.trim() === ''}
          loading={add.isPending}
        >
          Share this folder
        </Button>
      </form>
      <ConfirmDialog
        opened={asked !== undefined}
        title="Stop sharing this folder?"
        action="Stop sharing"
        onClose={() => setAsked(undefined)}
        onConfirm={() => asked && remove.mutate(asked)}
      >
        <p>
          <bdi className="mono">{asked?.path}</bdi> is no longer searched or served. The files stay where they are.
        </p>
      </ConfirmDialog>
    </section>
  );
}

import { newTextSchema } from '@kith/wire';
import { Button, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../http/request.ts';
import { messageOf } from '../http/request-error.ts';
import { documentsQuery } from '../live/queries.ts';

/** A text typed or pasted here, shared as a document of its own. */
export function TextForm() {
  const client = useQueryClient();
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const checked = newTextSchema.safeParse({ title, text });
  const post = useMutation({
    mutationFn: (body: { title: string; text: string }) => send('/api/documents', { method: 'POST', body }),
    onSuccess: (_answer, sent) => {
      setTitle('');
      setText('');
      notifications.show({ color: 'teal', title: 'Shared', message: sent.title });
    },
    onSettled: () => client.invalidateQueries({ queryKey: documentsQuery.queryKey }),
  });

  return (
    <details className="card text-form">
      <summary>
        <h2>Write a text</h2>
      </summary>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (checked.success) post.mutate(checked.data);
        }}
      >
        <TextInput
          label="Title"
          dir="auto"
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label="Text"
          dir="auto"
          rows={6}
          value={text}
          error={post.error ? messageOf(post.error) : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={!checked.success}
          loading={post.isPending}
        >
          Share this text
        </Button>
      </form>
    </details>
  );
}

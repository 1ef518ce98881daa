import { DOCUMENT_EVENT, eventViewSchema, UNNAMED_EVENT } from '@kith/wire';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { follow } from '../http/follow.ts';
import { parsed } from '../http/request-error.ts';
import { isSpoken, keysOfDocumentEvent, keysOfNetworkEvent } from './event-effects.ts';

/** Answers are asked for again at most this often, however many events come. */
const GATHER_MS = 200;

export interface Live {
  /** `live`: changes arrive by themselves. */
  readonly state: 'connecting' | 'live' | 'cut';
  /** The newest event that a screen reader should speak. */
  readonly spoken: string;
}

/**
 * Keeps the page's answers fresh by the node's two event streams. A hidden page closes them: browsers allow six
 * connections to a node for all its pages together.
 */
export function useLive(): Live {
  const client = useQueryClient();
  const [open, setOpen] = useState<{ network: boolean; documents: boolean } | undefined>();
  const [spoken, setSpoken] = useState('');

  useEffect(() => {
    const due = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ends: (() => void)[] = [];
    const refresh = (keys: readonly string[]) => {
      for (const key of keys) due.add(key);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const key of due) void client.invalidateQueries({ queryKey: [key] });
        due.clear();
      }, GATHER_MS);
    };
    const set = (change: { network?: boolean; documents?: boolean }) =>
      setOpen((before) => ({ network: false, documents: false, ...before, ...change }));
    const start = () => {
      if (ends.length > 0) return;
      ends = [
        follow({
          path: '/_kith/events',
          types: [UNNAMED_EVENT],
          onState: (network) => {
            set({ network });
            if (network) refresh(['peers', 'devices', 'node', 'events']);
          },
          onEvent: (_type, data) => {
            const event = eventViewSchema.safeParse(parsed(data));
            if (!event.success) return;
            refresh([...keysOfNetworkEvent(event.data.type), 'events']);
            if (isSpoken(event.data.type)) setSpoken(event.data.message);
          },
        }),
        follow({
          path: '/api/events',
          types: Object.values(DOCUMENT_EVENT),
          onState: (documents) => {
            set({ documents });
            if (documents) refresh(['documents', 'shares', 'status']);
          },
          onEvent: (type) => refresh(keysOfDocumentEvent(type)),
        }),
      ];
    };
    const stop = () => {
      for (const end of ends) end();
      ends = [];
    };
    const onVisibility = () => (document.visibilityState === 'hidden' ? stop() : start());
    onVisibility();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      clearTimeout(timer);
      stop();
    };
  }, [client]);

  const state = open === undefined ? 'connecting' : open.network && open.documents ? 'live' : 'cut';
  return { state, spoken };
}

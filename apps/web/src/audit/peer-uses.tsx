import type { PeerView } from '@kith/wire';
import { Anchor, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '../format/count.ts';
import { when } from '../format/when.ts';
import { AuditList } from './audit-list.tsx';
import { auditPeersQuery } from './audit-queries.ts';
import { usesSentence } from './audit-words.ts';

/** How much a peer used of this node, and the way to all of it; nothing where it used nothing. */
export function PeerUses({ peer, now }: { readonly peer: PeerView; readonly now: number }) {
  const { data } = useQuery(auditPeersQuery);
  const [opened, setOpened] = useState(false);
  const mine = data?.peers.find((one) => one.peer === peer.id);
  if (mine === undefined) return null;
  const refused = mine.refused > 0 ? `${count(mine.refused, 'time')} refused` : '';
  const sentence = [usesSentence(mine.uses), refused].filter((part) => part !== '').join(', ');
  if (sentence === '') return null;
  return (
    <p className="small quiet">
      Here: {sentence}, last {when(mine.lastAt, { now })}.{' '}
      <Anchor component="button" type="button" inherit underline="always" onClick={() => setOpened(true)}>
        What they did here
      </Anchor>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`What ${peer.name} did here`} centered radius="md">
        {opened && <AuditList of={{ peer: peer.id }} withWho={false} />}
      </Modal>
    </p>
  );
}

import type { PeerView } from '@kith/wire';
import { Button } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { usePeerActions } from './use-peer-actions.ts';

/** Block, Undo and Forget: those that fit the peer's present trust. Trust is given by comparing numbers. */
export function PeerActions({ peer }: { readonly peer: PeerView }) {
  const { trust, forget } = usePeerActions(peer);
  const [asking, setAsking] = useState(false);
  const busy = trust.isPending || forget.isPending;
  const { name } = peer;
  const is = (level: PeerView['trust']) => peer.trust === level;

  return (
    <div className="row peer-actions">
      {!is('blocked') && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBan size={16} aria-hidden />}
          disabled={busy}
          onClick={() => trust.mutate('blocked')}
          aria-label={`Block ${name}`}
        >
          Block
        </Button>
      )}
      {!is('pending') && (
        <Button
          variant="default"
          disabled={busy}
          onClick={() => trust.mutate('pending')}
          aria-label={is('trusted') ? `Undo the trust in ${name}` : `Undo the block of ${name}`}
        >
          Undo {is('trusted') ? 'trust' : 'block'}
        </Button>
      )}
      <Button
        variant="subtle"
        color="gray"
        disabled={busy}
        onClick={() => setAsking(true)}
        aria-label={`Forget ${name}`}
      >
        Forget
      </Button>
      <ConfirmDialog
        opened={asking}
        title="Forget this peer?"
        action="Forget"
        onClose={() => setAsking(false)}
        onConfirm={() => forget.mutate()}
      >
        <p>
          What is known of <bdi className="name">{name}</bdi>, and your decision about it, is deleted. If it is still on
          this network it is found again, as a new peer that waits for a decision. To keep it out, block it instead.
        </p>
      </ConfirmDialog>
    </div>
  );
}

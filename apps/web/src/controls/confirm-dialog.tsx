import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  /** Word on the button that does it. */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** False where it cannot be done; the text says why. */
  readonly possible?: boolean;
  readonly children: ReactNode;
}

/** Asks before something that cannot be undone. Cancel has the focus. */
export function ConfirmDialog({
  opened,
  title,
  action,
  onConfirm,
  onClose,
  possible = true,
  children,
}: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered withCloseButton={false} radius="md">
      <div className="stack">
        {children}
        <div className="row confirm-buttons">
          <Button size="sm" variant="default" data-autofocus onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="sm"
            color="red.8"
            disabled={!possible}
            onClick={() => {
              onConfirm();
              onClose();
            }}
          >
            {action}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

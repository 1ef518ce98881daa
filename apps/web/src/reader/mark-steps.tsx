import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type RefObject, useCallback, useEffect, useState } from 'react';

interface MarkStepsProps {
  readonly area: RefObject<HTMLElement | null>;
  readonly total: number;
  /** Whether the whole text is there, so that the count is final. */
  readonly isWhole: boolean;
}

/** Steps from one marked word to the next: buttons, or the keys n and p. */
export function MarkSteps({ area, total, isWhole }: MarkStepsProps) {
  const [at, setAt] = useState(-1);

  const step = useCallback(
    (by: number) => setAt((before) => (before < 0 ? 0 : (before + by + total) % total)),
    [total],
  );
  useEffect(() => {
    const marks = area.current?.querySelectorAll('mark') ?? [];
    const mark = marks[at];
    if (!mark) return undefined;
    mark.setAttribute('data-at', '');
    mark.scrollIntoView({ block: 'center' });
    return () => mark.removeAttribute('data-at');
  }, [area, at]);
  useEffect(() => {
    const onKey = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if (ctrlKey || metaKey || altKey) return;
      if (key === 'n') step(1);
      if (key === 'p') step(-1);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [step]);

  const places = `${total}${isWhole ? '' : '+'} ${total === 1 ? 'place' : 'places'}`;
  return (
    <div className="mark-steps">
      <span className="small" aria-live="polite">
        {at < 0 ? places : `${at + 1} of ${places}`}
      </span>
      <ActionIcon variant="subtle" color="gray" aria-label="Previous place (p)" onClick={() => step(-1)}>
        <IconChevronUp size={18} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label="Next place (n)" onClick={() => step(1)}>
        <IconChevronDown size={18} />
      </ActionIcon>
    </div>
  );
}

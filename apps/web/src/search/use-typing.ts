import { useEffect, useState } from 'react';
import { type Asked, afterEnter, afterPause } from './typing-state.ts';

/** Long enough to join the letters of a quick typist, too short to be felt. */
const PAUSE_MS = 90;

export interface Typing {
  /** What stands in the box. */
  readonly value: string;
  /** What is searched: follows the box after a short pause. */
  readonly asked: Asked;
  readonly type: (value: string) => void;
  /** Searches the words as they stand; false where just that is searched already. */
  readonly submit: () => boolean;
}

/** Search while typing: the last word stands for its beginnings until Enter says that it is whole. */
export function useTyping(initial: string, onAsked: (text: string) => void): Typing {
  const [value, setValue] = useState(initial);
  const [asked, setAsked] = useState<Asked>({ text: initial.trim(), prefix: false });
  const [known, setKnown] = useState(initial);

  // The address was changed from outside (Back, or a link): the box follows.
  if (initial !== known) {
    setKnown(initial);
    if (initial.trim() !== value.trim()) {
      setValue(initial);
      setAsked({ text: initial.trim(), prefix: false });
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the pause
  useEffect(() => {
    const text = value.trim();
    if (text === asked.text) return undefined;
    const ask = () => {
      setAsked((now) => afterPause(now, text));
      onAsked(text);
    };
    if (text === '') {
      ask();
      return undefined;
    }
    const timer = setTimeout(ask, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);

  return {
    value,
    asked,
    type: setValue,
    submit() {
      const text = value.trim();
      const next = afterEnter(asked, text);
      if (next === asked) return false;
      setAsked(next);
      onAsked(text);
      return true;
    },
  };
}

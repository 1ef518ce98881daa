import type { Live } from '../live/use-live.ts';

/** Says when the page may be out of date; silent while it is live. */
export function LiveMark({ state }: { readonly state: Live['state'] }) {
  return (
    <span className="live" aria-live="polite">
      {state === 'cut' ? 'Reconnecting…' : ''}
    </span>
  );
}

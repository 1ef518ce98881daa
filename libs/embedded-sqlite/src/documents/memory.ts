import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A document with as much text, in bytes, leaves behind what is worth a sweep of its own. */
const HEAVY_BYTES = 1_000_000;

export const isHeavy = ({ text }: { readonly text: string | Uint8Array }): boolean => text.length > HEAVY_BYTES;

/**
 * Sweeps the heap of this thread: by itself V8 lets it grow to twice what one heavy text takes, which is memory of the
 * whole node. About 10 ms, where writing such a text takes 200. Node has no other way to ask V8 for it.
 */
export function createSweep(): () => void {
  let collect: (() => void) | undefined;
  return () => {
    if (collect === undefined) {
      setFlagsFromString('--expose-gc');
      collect = runInNewContext('gc') as () => void;
    }
    // Regular expressions remember the last text in which they found something.
    /^/.test('');
    collect();
  };
}

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A document with as much text, in bytes, leaves behind what is worth a sweep of its own. */
const HEAVY_BYTES = 1_000_000;

/**
 * Sweeps the heap of this thread after heavy texts: by itself V8 lets it grow to twice what one text takes, which is
 * memory of the whole node. About 10 ms, where writing the text takes 200. Node has no other way to ask V8 for it.
 */
export function createSweep(): (written: readonly { text: string | Uint8Array }[]) => void {
  let collect: (() => void) | undefined;
  return (written) => {
    if (!written.some(({ text }) => text.length > HEAVY_BYTES)) return;
    if (collect === undefined) {
      setFlagsFromString('--expose-gc');
      collect = runInNewContext('gc') as () => void;
    }
    collect();
  };
}

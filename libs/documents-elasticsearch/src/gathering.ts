/** Most keys in one request. */
const AT_ONCE = 500;

/**
 * One request for all keys that are asked for in the same moment: looking up the 256 files of a batch one by one took
 * longer than writing them. `ask` gets each key once; what it does not find it leaves out. A failure is everybody's.
 */
export function createGathering<T>(
  ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | undefined> {
  let gathered: { keys: Set<string>; answer: Promise<ReadonlyMap<string, T>> } | undefined;

  const gather = () => {
    const keys = new Set<string>();
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      if (gathered?.keys === keys) gathered = undefined;
      return ask([...keys]);
    });
    return { keys, answer };
  };

  return async (key) => {
    if (gathered === undefined || gathered.keys.size >= AT_ONCE) gathered = gather();
    gathered.keys.add(key);
    return (await gathered.answer).get(key);
  };
}

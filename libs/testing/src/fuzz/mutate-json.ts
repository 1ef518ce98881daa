import { HOSTILE_NUMBERS, HOSTILE_TEXTS, hostileValue } from './hostile-values.ts';
import type { Random } from './random.ts';

type Container = Record<string, unknown> | unknown[];

/** A copy of a JSON value with 1 to 4 changes anywhere in it: what a peer sends that nearly keeps to the protocol. */
export function mutateJson(random: Random, value: unknown): unknown {
  let copy = structuredClone(value);
  for (let changes = 1 + random.int(4); changes > 0; changes--) {
    const places = placesOf(copy);
    const [container, key] = places.length > 0 ? random.pick(places) : [];
    if (container === undefined || key === undefined || random.chance(0.01)) copy = hostileValue(random);
    else changeAt(random, container, key);
  }
  return copy;
}

function changeAt(random: Random, container: Container, key: string | number): void {
  const before = (container as Record<string | number, unknown>)[key];
  const set = (value: unknown) => {
    Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
  };
  const what = random.int(6);
  if (what === 0) set(hostileValue(random));
  else if (what === 1) set(near(random, before));
  else if (what === 2) set(near(random, before));
  else if (Array.isArray(container)) {
    if (what === 3) container.splice(Number(key), 1);
    else if (what === 4) container.splice(Number(key), 0, structuredClone(before));
    else set(near(random, before));
  } else if (what === 3) delete container[key];
  else {
    const name = random.pick([...HOSTILE_TEXTS, ...Object.keys(container)]);
    const value = random.chance(0.5) ? structuredClone(before) : hostileValue(random);
    Object.defineProperty(container, name, { value, enumerable: true, configurable: true, writable: true });
  }
}

/** A value of the same type that is a little wrong. */
function near(random: Random, value: unknown): unknown {
  if (typeof value === 'number')
    return random.chance(0.5) ? value + random.pick([-1, 1, 0.5, 2 ** 32]) : random.pick(HOSTILE_NUMBERS);
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return random.pick([null, [], {}, '', 0]);
  const at = random.int(value.length + 1);
  const what = random.int(4);
  if (what === 0) return value.slice(0, at);
  if (what === 1) return value + value;
  if (what === 2) return value.slice(0, at) + random.pick(HOSTILE_TEXTS) + value.slice(at);
  return value.slice(0, at) + String.fromCharCode(random.int(0x250)) + value.slice(at + 1);
}

function placesOf(value: unknown, found: [Container, string | number][] = [], depth = 0): typeof found {
  if (typeof value !== 'object' || value === null || depth > 8 || found.length > 500) return found;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const key of keys) {
    found.push([value as Container, key]);
    placesOf((value as Record<string | number, unknown>)[key], found, depth + 1);
  }
  return found;
}

import { posix } from 'node:path';
import { readText, repositoryFiles } from './repository.ts';

/** Who imports whom: each node with the nodes that it imports, itself left out. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const isSource = (file: string) => /^(apps|libs)\/[^/]+\/src\/.*\.tsx?$/.test(file) && !file.endsWith('.d.ts');

/** Source files of a project, `apps/gateway`, relative to its `src`. */
export function sourcesOf(project: string): string[] {
  const src = `${project}/src/`;
  return repositoryFiles()
    .filter((file) => isSource(file) && file.startsWith(src))
    .map((file) => file.slice(src.length));
}

/** Imports between the files of one project. Types count too: a reader follows them as well. */
export function fileGraph(project: string): Graph {
  const files = new Set(sourcesOf(project));
  const importsOf = (file: string) => {
    const specifiers = readText(`${project}/src/${file}`).matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g);
    const targets = [...specifiers].map(([, specifier = '']) => posix.join(posix.dirname(file), specifier));
    return new Set(targets.filter((target) => target !== file && files.has(target)));
  };
  return new Map([...files].map((file) => [file, importsOf(file)]));
}

/** The same between rooms: a folder of `src` with all below it is one room, a file that lies in `src` itself another. */
export function roomGraph(files: Graph): Graph {
  const roomOf = (file: string) => file.split('/')[0] ?? file;
  const rooms = new Map<string, Set<string>>();
  for (const [file, targets] of files) {
    const arrows = rooms.get(roomOf(file)) ?? new Set();
    for (const target of targets) if (roomOf(target) !== roomOf(file)) arrows.add(roomOf(target));
    rooms.set(roomOf(file), arrows);
  }
  return rooms;
}

/** Arrows that lie on a circle, as `from → to`: without them the graph has floors, with them it has none. */
export function circles(graph: Graph): string[] {
  const leadsTo = new Map([...graph.keys()].map((node) => [node, reachable(graph, node)]));
  return [...graph].flatMap(([node, targets]) =>
    [...targets].filter((target) => leadsTo.get(target)?.has(node)).map((target) => `${node} → ${target}`),
  );
}

/** How many floors the graph has: the longest chain of imports, in nodes. Only for a graph without circles. */
export function floors(graph: Graph): number {
  const heights = new Map<string, number>();
  const heightOf = (node: string): number => {
    const known = heights.get(node);
    if (known !== undefined) return known;
    const height = 1 + Math.max(0, ...[...(graph.get(node) ?? [])].map(heightOf));
    heights.set(node, height);
    return height;
  };
  return Math.max(0, ...[...graph.keys()].map(heightOf));
}

export function arrows(graph: Graph): number {
  return [...graph.values()].reduce((sum, targets) => sum + targets.size, 0);
}

function reachable(graph: Graph, start: string): ReadonlySet<string> {
  const found = new Set<string>();
  const ahead = [...(graph.get(start) ?? [])];
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    ahead.push(...(graph.get(node) ?? []));
  }
  return found;
}

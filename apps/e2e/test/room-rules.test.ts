import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { arrows, circles, fileGraph, floors, roomGraph, sourcesOf } from '../src/texts/import-graph.ts';
import { projects } from '../src/texts/repository.ts';

const LARGEST_FOLDER = 15;
/** Folders that hold more files, each with the reason why they are one idea all the same. */
const LARGER: Record<string, string> = {};

const all = projects().filter(({ folder }) => sourcesOf(folder).length > 0);

test('no import circle between the files of a project', () => {
  assert.deepEqual(
    all.flatMap(({ folder }) => circles(fileGraph(folder)).map((arrow) => `${folder}: ${arrow}`)),
    [],
  );
});

test('no arrow back between the rooms of a project', (t) => {
  for (const { folder } of all) {
    const rooms = roomGraph(fileGraph(folder));
    assert.deepEqual(circles(rooms), [], folder);
    t.diagnostic(`${folder}: ${rooms.size} rooms, ${floors(rooms)} floors, ${arrows(rooms)} arrows`);
  }
});

test(`a folder holds at most ${LARGEST_FOLDER} files of code, or says why`, () => {
  const counts = new Map<string, number>();
  for (const { folder } of all) {
    for (const file of sourcesOf(folder)) {
      const place = posix.join(folder, 'src', posix.dirname(file));
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  const large = [...counts].filter(([, count]) => count > LARGEST_FOLDER).map(([place]) => place);
  assert.deepEqual(large.sort(), Object.keys(LARGER).sort());
});

test('the graph of imports finds circles, floors and arrows', () => {
  const graph = new Map([
    ['roof', new Set(['stairs', 'ground'])],
    ['stairs', new Set(['ground'])],
    ['ground', new Set<string>()],
  ]);
  assert.deepEqual([circles(graph), floors(graph), arrows(graph)], [[], 3, 3]);
  graph.set('ground', new Set(['stairs']));
  assert.deepEqual(circles(graph), ['stairs → ground', 'ground → stairs']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untoldName } from '@kith/wire';
import { sampleId } from '../compliance/samples.ts';
import { createStory } from './instance-story.ts';

const X = { instance: 'x', incarnation: 5, address: '192.168.1.7' };
const hidden = untoldName(sampleId(1));

test('what a trusted peer says of its documents is kept and told once', () => {
  const story = createStory();
  story.look({ at: 0, ...X });
  story.trust();
  const [event] = story.tell('ana', 312, 40).events;
  assert.deepEqual([event?.type, event?.message], ['peer-documents', 'ana (aaaaaaab) shares 312 documents now.']);
  assert.deepEqual(story.peer().documents, { count: 312, version: 40 });
  assert.equal(story.tell('ana', 312, 40).events.length, 0);
  story.look({ at: 1, ...X });
  assert.deepEqual(story.peer().documents, { count: 312, version: 40 }, 'a pingback says nothing of them');
});

test('what a peer says that is not trusted is not kept', () => {
  const story = createStory();
  story.look({ at: 0, ...X });
  assert.deepEqual(story.tell('root', 1, 1), { peer: story.peer(), events: [] });
});

test('a peer whose pingback tells no name is known by the one that it told, and keeps it', () => {
  const story = createStory();
  story.look({ at: 0, ...X, name: hidden });
  assert.equal(story.peer().name, hidden);
  story.trust();
  story.tell('ana', 0, 0);
  assert.equal(story.peer().name, 'ana');
  assert.equal(story.look({ at: 1, ...X, name: hidden }).events.length, 0);
  assert.equal(story.peer().name, 'ana');
  story.look({ at: 2, ...X, name: 'anna' });
  assert.deepEqual([story.peer().name, story.peer().hidesName], ['anna', undefined]);
});

test('a peer that says one name to everybody and another to us does not change it to and fro', () => {
  const story = createStory();
  story.look({ at: 0, ...X, name: 'ana' });
  story.trust();
  story.tell('bob', 0, 0);
  assert.equal(story.peer().name, 'ana');
});

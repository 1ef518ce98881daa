export * from './event-streams.ts';
export * from './fuzz.ts';
export * from './hostile-values.ts';
export * from './mutate-bytes.ts';
export * from './mutate-json.ts';
export * from './random.ts';

export * from './fake-clock.ts';
export * from './needs.ts';
export * from './temp-directory.ts';
export * from './wait-for.ts';

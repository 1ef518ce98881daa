export * from './check-number.ts';
export * from './errors.ts';
export * from './identity.ts';
export * from './incarnation.ts';
export * from './node-id.ts';
export * from './pairing-code.ts';
export * from './signature.ts';
export * from './signed-pingback.ts';

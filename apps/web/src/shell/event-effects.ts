/** Query keys whose answers an event of the gateway changes (types: libs/membership/src/event.ts). */
export function keysOfNetworkEvent(type: string): string[] {
  if (type.startsWith('peer-')) return ['peers', 'devices'];
  if (type.startsWith('device-')) return ['devices'];
  if (type === 'documents-changed') return ['node', 'status'];
  return ['node', 'devices'];
}

/** Query keys whose answers an event of the exchange changes. */
export function keysOfDocumentEvent(type: string): string[] {
  return type === 'shares' ? ['shares', 'status'] : ['documents', 'shares', 'status'];
}

const SPOKEN = new Set([
  'peer-found',
  'peer-dead',
  'peer-left',
  'peer-clone',
  'peer-same-name',
  'peer-trusted',
  'peer-check',
  'self-clone',
]);

/** Whether an event is worth a screen reader's time. */
export function isSpoken(type: string): boolean {
  return SPOKEN.has(type);
}

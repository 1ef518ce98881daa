import { DOCUMENT_EVENT, type EventType } from '@kith/wire';

/** Query keys whose answers an event of the gateway changes. A newer node may send kinds that this page does not know. */
export function keysOfNetworkEvent(type: EventType | (string & {})): string[] {
  if (type.startsWith('peer-')) return ['peers', 'devices', 'comparison'];
  if (type === 'comparisons-closed') return ['comparison'];
  if (type.startsWith('device-')) return ['devices'];
  if (type.startsWith('node-')) return ['status'];
  if (type === ('documents-changed' satisfies EventType)) return ['node', 'status'];
  return ['node', 'devices'];
}

/** Query keys whose answers an event of the exchange changes. */
export function keysOfDocumentEvent(type: string): string[] {
  return type === DOCUMENT_EVENT.shares ? ['shares', 'status'] : ['documents', 'shares', 'status'];
}

const SPOKEN: ReadonlySet<string> = new Set<EventType>([
  'peer-found',
  'peer-dead',
  'peer-left',
  'peer-clone',
  'peer-same-name',
  'peer-trusted',
  'peer-knock',
  'peer-comparison',
  'comparisons-closed',
  'self-clone',
  'document-damaged',
  'store-restored',
  'node-unwell',
  'node-well',
]);

/** Whether an event is worth a screen reader's time. */
export function isSpoken(type: string): boolean {
  return SPOKEN.has(type);
}

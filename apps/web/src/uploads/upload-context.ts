import { createContext, use } from 'react';
import type { Upload } from './upload-queue.ts';

export interface Uploads {
  readonly uploads: readonly Upload[];
  readonly add: (files: readonly File[]) => void;
  readonly retry: (key: number) => void;
  /** Takes what is done or failed off the list. */
  readonly clear: () => void;
}

export const UploadContext = createContext<Uploads | undefined>(undefined);

export function useUploads(): Uploads {
  const uploads = use(UploadContext);
  if (!uploads) throw new Error('useUploads outside of UploadProvider');
  return uploads;
}

import { lookup } from 'mime-types';

const WELL_FORMED = /^[a-z0-9.+-]{1,80}\/[a-z0-9.+-]{1,80}$/;
/** Extensions that the list of media types gives to something else than the text that nearly every such file is. */
const TEXT_BY_CONTENT = /^(video|audio|image|font|model)\/|^application\/octet-stream$/;
const NOT_TEXT = /^application\/(pdf|rtf|zip|gzip|x-7z-compressed|vnd\.(openxmlformats|oasis|ms-).*)$/;

/** Media type by the file's name, and by whether its bytes are text: a `.ts` file may be a film or a program. */
export function mediaTypeOf(name: string, isText: boolean): string {
  const found = lookup(name);
  const type = found !== false && WELL_FORMED.test(found) ? found : undefined;
  if (!isText) return type ?? 'application/octet-stream';
  return type === undefined || (TEXT_BY_CONTENT.test(type) && type !== 'image/svg+xml') ? 'text/plain' : type;
}

/** Whether the text of a file of this type is worth a search: formats that only look like text are left out. */
export function isSearchable(mediaType: string): boolean {
  return !NOT_TEXT.test(mediaType);
}

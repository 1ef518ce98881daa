const NAMES: Record<string, string> = {
  'text/plain': 'Text',
  'text/markdown': 'Markdown',
  'text/html': 'HTML',
  'text/csv': 'CSV',
  'text/css': 'CSS',
  'text/calendar': 'Calendar',
  'text/javascript': 'JavaScript',
  'application/json': 'JSON',
  'application/xml': 'XML',
  'application/pdf': 'PDF',
  'application/rtf': 'RTF',
  'application/epub+zip': 'EPUB',
  'application/zip': 'ZIP',
  'application/msword': 'Word',
  'application/vnd.ms-excel': 'Excel',
  'application/vnd.ms-powerpoint': 'PowerPoint',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Excel',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PowerPoint',
  'application/vnd.oasis.opendocument.text': 'Writer',
  'application/vnd.oasis.opendocument.spreadsheet': 'Calc',
  'application/vnd.oasis.opendocument.presentation': 'Impress',
  'message/rfc822': 'Email',
};

/** A short word for a document's type: by its media type, else by the end of its name, else `File`. */
export function fileType(mediaType: string, name: string): string {
  const known = NAMES[mediaType];
  if (known) return known;
  const end = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1];
  if (end) return end.toUpperCase();
  const [family] = mediaType.split('/');
  if (family === 'image') return 'Image';
  if (family === 'audio') return 'Audio';
  if (family === 'video') return 'Video';
  return family === 'text' ? 'Text' : 'File';
}

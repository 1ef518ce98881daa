import { uploadedSchema } from '@kith/wire';
import { errorFrom, parsed, RequestError } from '../http/request-error.ts';
import { shownFields } from '../http/session.ts';

/**
 * Sends one file to this node. XMLHttpRequest, because `fetch` does not tell how much of a body has gone out.
 * Throws RequestError with the reason where the node does not take it.
 */
export function sendFile(file: File, onProgress: (sent: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onerror = () => reject(new RequestError(0, 'network', 'The connection to this node broke. Try again.'));
    request.onabort = request.onerror;
    request.onload = () => {
      if (request.status < 200 || request.status > 299) return reject(errorFrom(request.status, request.responseText));
      const answer = uploadedSchema.safeParse(parsed(request.responseText));
      const [problem] = answer.success ? answer.data.problems : [];
      if (problem) return reject(new RequestError(request.status, 'not_taken', problem.message));
      return resolve();
    };
    const form = new FormData();
    form.append('file', file, file.name);
    request.open('POST', '/api/documents');
    request.setRequestHeader('accept', 'application/json');
    for (const [name, value] of Object.entries(shownFields())) request.setRequestHeader(name, value);
    request.send(form);
  });
}

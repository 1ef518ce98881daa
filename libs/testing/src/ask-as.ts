import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface AskedAs {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
export interface AnsweredAs {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Reads requests from standard input and writes their answers; a protocol that is switched to is an answer 101. */
const SCRIPT = `
const { request } = require('node:http');
const { text } = require('node:stream/consumers');
const ask = ({ body, ...rest }) => new Promise((resolve, reject) => {
  const asked = request({ ...rest, agent: false });
  asked.on('error', reject).on('upgrade', (answer, socket) => {
    socket.destroy();
    resolve({ status: answer.statusCode, headers: answer.headers, body: '' });
  });
  asked.on('response', (answer) =>
    text(answer).then((body) => resolve({ status: answer.statusCode, headers: answer.headers, body }), reject));
  asked.end(body);
});
text(process.stdin).then(async (input) => {
  const answers = [];
  for (const one of JSON.parse(input)) answers.push(await ask(one));
  process.stdout.write(JSON.stringify(answers));
});`;

/** `nobody`: a user of this computer who is neither root nor any node's own. */
export const NOBODY = 65534;

/** Sends requests, one after the other on a connection each, from a program that runs as another user. Needs root. */
export async function askAs(uid: number, requests: readonly AskedAs[]): Promise<AnsweredAs[]> {
  const child = spawn(process.execPath, ['-e', SCRIPT], { uid, gid: uid, cwd: '/', env: {}, stdio: 'pipe' });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part) => {
    stdout += part;
  });
  child.stderr.on('data', (part) => {
    stderr += part;
  });
  child.stdin.end(JSON.stringify(requests));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the program of user ${uid} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as AnsweredAs[];
}

import type { ServerResponse } from 'node:http';
import { GUARDED_ANSWER } from '@kith/service';
import { PAGE_POLICY } from './error-answer.ts';

/** All that plain HTTP from another machine ever gets; the same bytes for everybody, with nothing of this node in them. */
const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Kith</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>This is a Kith node</h1>
<p>Kith finds the neighbours of a computer on the local network and searches what they share. Nodes talk to each other
here over mutual TLS; the owner uses this page on the machine itself, at <code>http://localhost</code> with this port.</p>
<p>You are on another machine, or came through a proxy, so there is nothing more to see. Start a node of your own to
search this one, once its owner has approved yours.</p></html>
`;

export function answerStranger(response: ServerResponse): void {
  response.writeHead(403, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(PAGE),
    'content-security-policy': PAGE_POLICY,
    ...GUARDED_ANSWER,
    connection: 'close',
  });
  response.end(PAGE);
}

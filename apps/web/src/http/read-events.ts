import { createSseParser, type ServerEvent } from './sse-parser.ts';

/** The server-sent events of an answer's body, until it ends. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = createSseParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      yield* parser.push(value ? decoder.decode(value, { stream: true }) : '');
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

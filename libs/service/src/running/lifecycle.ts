/** Something that is started and stopped, each once, by `startInOrder`. */
export interface Startable {
  readonly name: string;
  start(): Promise<void>;
  /**
   * Ends all work and frees all resources; never throws for work that was cut off. It is called after a start that failed
   * too, and ends what that had begun.
   */
  stop(): Promise<void>;
  /** Rejects with the reason while this part, which is started, cannot do its work. */
  ready?(): Promise<unknown>;
}

export interface Running {
  /** Stops in reverse order; a second call waits for the first. Every part is stopped even if another's stop throws. */
  stop(): Promise<void>;
}

/** Starts the parts one after the other; if one fails, it and those already started are stopped in reverse and the error is thrown. */
export async function startInOrder(parts: readonly Startable[]): Promise<Running> {
  const started: Startable[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopAll(started);
    return stopping;
  };
  for (const part of parts) {
    started.push(part);
    try {
      await part.start();
    } catch (error) {
      await stop().catch(() => {});
      throw error;
    }
  }
  return { stop };
}

async function stopAll(started: Startable[]): Promise<void> {
  const errors: unknown[] = [];
  for (const part of started.reverse()) {
    try {
      await part.stop();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'some parts did not stop cleanly');
}

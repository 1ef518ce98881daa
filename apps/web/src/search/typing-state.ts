/** What is searched. `prefix`: the last word stands for all words that begin with it. */
export interface Asked {
  readonly text: string;
  readonly prefix: boolean;
}

/** A pause in typing: search for beginnings, unless just these words were asked for meanwhile, by Enter. */
export const afterPause = (asked: Asked, text: string): Asked => (asked.text === text ? asked : { text, prefix: true });

/** Enter: the words are whole. */
export const afterEnter = (asked: Asked, text: string): Asked =>
  asked.text === text && !asked.prefix ? asked : { text, prefix: false };

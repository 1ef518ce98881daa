const DECOYS = 2;

/** The number among others, in an order that says nothing; `random` gives 0 to below 1. */
export function numberChoices(number: string, random: () => number = Math.random): string[] {
  const choices = new Set([number]);
  while (choices.size < DECOYS + 1) {
    choices.add(
      Math.floor(random() * 1_000_000)
        .toString()
        .padStart(6, '0'),
    );
  }
  return [...choices].sort();
}

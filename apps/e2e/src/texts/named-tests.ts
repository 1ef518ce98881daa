export interface NamedTest {
  /** Relative to the root. */
  readonly file: string;
  /** A part of its name, as it stands in the source. */
  readonly name: string;
}

/** The tests that a page under `docs/` names: a link to the file, and behind it names in “…”, separated by commas. */
export function namedTests(page: string): NamedTest[] {
  const references = page.matchAll(/\]\(\.\.\/([^)]+\.test\.ts)\)((?:,? “[^”]+”)*)/g);
  return [...references].flatMap(([, file = '', names = '']) => {
    const all = [...names.matchAll(/“([^”]+)”/g)].map((match) => match[1] ?? '');
    return (all.length > 0 ? all : ['']).map((name) => ({ file, name }));
  });
}

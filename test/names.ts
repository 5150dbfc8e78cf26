// One exported name is one thing in the whole of src: who reads it somewhere knows it everywhere.

const EXPORTED = /^export (?:async )?(?:function\*?|const|class|type|interface) (\w+)/gm;

/**
 * The names that several files export, a line each; empty where all is well.
 * @param files text by path from the repository's root
 */
export function findTwins(files: ReadonlyMap<string, string>): string[] {
  const exported = [...files].flatMap(([path, text]) =>
    Array.from(text.matchAll(EXPORTED), ([, name = ""]) => ({ name, path })),
  );
  return [...Map.groupBy(exported, ({ name }) => name)]
    .filter(([, places]) => places.length > 1)
    .map(([name, places]) => `${name} in ${places.map(({ path }) => path).join(", ")}`);
}

// Reads a folder of Stripe events, one JSON file each, for the tests in workerd, which have no files.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export type CorpusFile = { name: string; text: string };

declare module "vitest" {
  interface ProvidedContext {
    corpus: CorpusFile[];
  }
}

/** @throws Error when there is no such folder, or no JSON file in it: that proves nothing */
export function readCorpus(folder: string | undefined): CorpusFile[] {
  if (!folder) throw new Error("Give the folder: npm run test:corpus -- DIR");
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`There is no folder '${folder}'.`);
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort();
  if (names.length === 0) throw new Error(`There is no .json file in '${folder}'.`);
  return names.map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
}

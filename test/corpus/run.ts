// `npm run test:corpus -- DIR`: delivers every Stripe event of a folder, and fails where one of them fails.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { readCorpus } from "./read-corpus.ts";

const [folder] = process.argv.slice(2);
const corpusDir = folder === undefined ? undefined : resolve(folder);
try {
  const files = readCorpus(corpusDir);
  console.log(`${files.length} files in ${corpusDir}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const run = spawnSync("vitest", ["run", "--mode", "corpus", "--project", "workerd"], {
  stdio: "inherit",
  env: { ...process.env, CORPUS_DIR: corpusDir },
});
process.exit(run.status ?? 1);

// Looks, byte by byte, for what must not lie anywhere in clear: in the files of D1 and of the ledgers, their logs
// and ours.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { SECRET_KEY } from "./connect-stripe.ts";
import type { LocalPaths } from "./local-state.ts";

// Where Miniflare keeps them.
const DATABASES = [
  ["D1", "d1"],
  ["a ledger", join("do", "quittance-Ledger")],
] as const;

/** Says how many files and secrets were looked at. @throws Error naming the file and the kind of secret */
export async function findNoSecret(
  paths: LocalPaths,
  apiKey: string,
): Promise<{ files: number; secrets: number }> {
  const { ROOT_TOKEN = "", ENCRYPTION_KEYS = "" } = parseEnv(await readFile(paths.devVars, "utf8"));
  const world = await readFile(paths.sandbox, "utf8");
  const secrets = [
    ["the root token", ROOT_TOKEN],
    ["the master key", ENCRYPTION_KEYS.split(":")[1] ?? ""],
    ["the API key", apiKey],
    ["Stripe's secret key", SECRET_KEY],
    ...(world.match(/whsec_\w+/g) ?? []).map((secret) => ["a signing secret", secret] as const),
  ] as const;
  const inside = await readdir(paths.database, { recursive: true, withFileTypes: true });
  const files = inside.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of [...files, paths.log]) {
    const bytes = await readFile(file);
    for (const [kind, secret] of secrets) {
      if (secret === "") throw new Error(`Cannot look for ${kind}: there is none.`);
      if (bytes.includes(secret)) throw new Error(`${kind} lies in clear in ${file}.`);
    }
  }
  for (const [what, folder] of DATABASES) {
    const such = files.filter(
      (file) => file.includes(join("v3", folder)) && /[0-9a-f]{64}\.sqlite$/.test(file),
    );
    if (such.length === 0) throw new Error(`There is no file of ${what} in ${paths.database}.`);
  }
  return { files: files.length + 1, secrets: secrets.length };
}

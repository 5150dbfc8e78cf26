// Keeps `.dev.vars`, where `wrangler dev` reads its secrets: what is missing or blank is made at random,
// what is there stays as it is.

import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";

export const SECRETS = {
  ROOT_TOKEN: () => randomBytes(32).toString("hex"),
  ENCRYPTION_KEYS: () => `k1:${randomBytes(32).toString("base64")}`,
};

export type SecretName = keyof typeof SECRETS;

/** Completes the file, readable by its owner alone. Says which secrets were made, and the root token. */
export async function ensureDevVars(path: string): Promise<{ made: SecretName[]; rootToken: string }> {
  const present = await readIfThere(path);
  const { text, made } = completeDevVars(present ?? "");
  if (made.length > 0) await writeFile(path, text, { mode: 0o600 });
  return { made, rootToken: parseEnv(text).ROOT_TOKEN ?? "" };
}

/** The text with a fresh value for every secret that is missing or blank, every other line untouched. */
export function completeDevVars(text: string): { text: string; made: SecretName[] } {
  const present = parseEnv(text);
  const names = Object.keys(SECRETS) as SecretName[];
  const made = names.filter((name) => (present[name] ?? "").trim() === "");
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  for (const name of made) {
    const line = `${name}=${SECRETS[name]()}`;
    const blank = lines.findIndex((candidate) =>
      new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(candidate),
    );
    if (blank === -1) lines.push(line);
    else lines[blank] = line;
  }
  return { text: made.length === 0 ? text : `${lines.join("\n")}\n`, made };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

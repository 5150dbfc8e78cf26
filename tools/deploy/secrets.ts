// The two secrets that every deployment has: made once, kept in a file for their owner to take away, and never written
// over at Cloudflare, since what is sealed under a lost key cannot be opened again.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { parseEnv } from "node:util";
import { completeDevVars } from "../../test/demo/dev-vars.ts";
import { environmentFlags, type Target } from "./target.ts";
import type { Wrangler } from "./wrangler.ts";

export const SECRET_NAMES = ["ROOT_TOKEN", "ENCRYPTION_KEYS"] as const;

/** Where the values lie, under `folder`. */
export function secretsFile(folder: string, { environment }: Pick<Target, "environment">): string {
  return join(folder, ".secrets", `${environment ?? "production"}.env`);
}

/**
 * Sets those that the Worker does not have yet: to what the environment variables of their names say, else to what an
 * earlier run has left in the file, else at random.
 * @returns which were set
 * @throws Error when wrangler fails
 */
export async function setSecrets(
  wrangler: Wrangler,
  target: Target,
  folder: string,
  given: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const present = await presentSecrets(wrangler, target);
  const missing = SECRET_NAMES.filter((name) => !present.has(name));
  if (missing.length === 0) return [];
  const file = secretsFile(folder, target);
  // A file of its own for wrangler: what the Worker has already is not sent again.
  const upload = file.replace(/\.env$/, ".upload.json");
  if (!wrangler.isDry) {
    const values = await keepValues(file, given);
    await writeFile(upload, JSON.stringify(Object.fromEntries(missing.map((name) => [name, values[name]]))), {
      mode: 0o600,
    });
  }
  try {
    await wrangler.change(["secret", "bulk", relative(folder, upload), ...environmentFlags(target)]);
  } finally {
    await rm(upload, { force: true });
  }
  return [...missing];
}

/** A Worker that is not there yet has none. */
async function presentSecrets(wrangler: Wrangler, target: Target): Promise<ReadonlySet<string>> {
  const args = ["secret", "list", "--format", "json", ...environmentFlags(target)];
  const ran = await wrangler.ask(args);
  if (ran === null) return new Set();
  const json = /\[[\s\S]*\]/.exec(ran.output)?.[0];
  if (ran.code === 0 && json !== undefined) {
    return new Set((JSON.parse(json) as { name: string }[]).map(({ name }) => name));
  }
  if (/not found|does not exist|10007/i.test(ran.output)) return new Set();
  throw new Error(`wrangler ${args.join(" ")} failed:\n${ran.output.trim()}`);
}

async function keepValues(
  file: string,
  given: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string | undefined>> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const kept = parseEnv(await readFile(file, "utf8").catch(() => ""));
  const lines = SECRET_NAMES.map((name) => `${name}=${given[name] || kept[name] || ""}\n`).join("");
  const { text } = completeDevVars(lines);
  await writeFile(file, text, { mode: 0o600 });
  return parseEnv(text);
}

// The files in which a run leaves what the next one finds: the Worker's local databases, the sandbox's world,
// and the demo's API key, which the API shows only once. One run at a time may have them.

import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import type { SecretName } from "./dev-vars.ts";
import type { Lifetime } from "./lifetime.ts";

export type LocalPaths = ReturnType<typeof localPaths>;

/** @param root the project's folder */
export function localPaths(root: string) {
  const folder = join(root, ".wrangler");
  return {
    root,
    folder,
    devVars: join(root, ".dev.vars"),
    database: join(folder, "state"),
    sandbox: join(folder, "stripe-sandbox.json"),
    demo: join(folder, "demo.json"),
    lock: join(folder, "demo.lock"),
    log: join(folder, "demo.log"),
  };
}

/** @throws Error when another run has the files */
export async function takeLock(lifetime: Lifetime, paths: LocalPaths): Promise<void> {
  await mkdir(paths.folder, { recursive: true });
  const owner = existsSync(paths.lock) ? Number(await readFile(paths.lock, "utf8")) : Number.NaN;
  if (isAlive(owner)) {
    throw new Error(
      `A demo is running in this folder already (process ${owner}). End it first; if it is no demo, delete ${paths.lock}.`,
    );
  }
  await writeFile(paths.lock, String(process.pid));
  lifetime.onEnd(() => rm(paths.lock, { force: true }));
}

/**
 * Data sealed under keys that went with `.dev.vars` can never be opened again: it is moved aside, not
 * deleted. Says where to, or null when there is none.
 */
export async function setUnreadableAside(
  paths: LocalPaths,
  made: readonly SecretName[],
): Promise<string | null> {
  if (!made.includes("ENCRYPTION_KEYS") || !existsSync(join(paths.database, "v3", "d1"))) return null;
  const aside = join(paths.folder, `set-aside-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`);
  await mkdir(aside, { recursive: true });
  for (const path of [paths.database, paths.sandbox, paths.demo]) {
    if (existsSync(path)) await rename(path, join(aside, basename(path)));
  }
  return aside;
}

const savedDemo = z.object({ apiKey: z.string() });

/** The key of an earlier run, or null. Whether it is still good, only the API can tell. */
export async function readApiKey(paths: LocalPaths): Promise<string | null> {
  if (!existsSync(paths.demo)) return null;
  const saved = savedDemo.safeParse(parseJson(await readFile(paths.demo, "utf8")));
  return saved.success ? saved.data.apiKey : null;
}

export async function saveApiKey(paths: LocalPaths, apiKey: string): Promise<void> {
  await writeFile(paths.demo, `${JSON.stringify({ apiKey })}\n`, { mode: 0o600 });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// What /readyz says of the keyring. It is asked often and by anybody, so a count serves for a minute.

import { drizzle } from "drizzle-orm/d1";
import { countSecretsByKey } from "./directory/secret-store.ts";
import type { Config } from "./platform/config.ts";
import type { Deps } from "./platform/deps.ts";
import { errorText } from "./platform/logger.ts";
import { parseKeyring } from "./platform/secret-box.ts";

const CACHE_TTL_MS = 60_000;
let cache: { keys: string; readAtMs: number; check: KeyringCheck } | null = null;

type KeyringCheck = { name: "keyring"; ok: boolean; detail: string };

/** How many secrets lie under each key id. Not ok when some lie under a key that is gone. Never throws. */
export async function keyringCheck(env: Env, config: Config): Promise<KeyringCheck> {
  const keys = config.encryptionKeys;
  const now = Date.now();
  if (cache?.keys === keys && now - cache.readAtMs < CACHE_TTL_MS) return cache.check;
  try {
    const check = await keyringOf({ directory: drizzle(env.DB), config });
    cache = { keys, readAtMs: now, check };
    return check;
  } catch (error) {
    return { name: "keyring", ok: false, detail: `The secrets could not be counted: ${errorText(error)}` };
  }
}

/** The same, looked up at once. @throws AppError `database_unavailable` */
export async function keyringOf({
  directory,
  config,
}: Pick<Deps, "directory" | "config">): Promise<KeyringCheck> {
  const counts = await countSecretsByKey({ directory });
  const keyring = parseKeyring(config.encryptionKeys);
  return describe(keyring, new Map(counts.map(({ keyId, count }) => [keyId, count])));
}

function describe(
  keyring: { sealingKeyId: string; keyIds: readonly string[] },
  counts: ReadonlyMap<string, number>,
): KeyringCheck {
  const known = keyring.keyIds.map((id) => {
    const count = counts.get(id) ?? 0;
    if (id === keyring.sealingKeyId) return `${id} (seals): ${count}`;
    return `${id}: ${count}${count === 0 ? ", see GET /api/v1/keyring for whether it may be removed" : ""}`;
  });
  const gone = Array.from(counts).filter(([id]) => !keyring.keyIds.includes(id));
  const missing = gone.map(
    ([id, count]) =>
      `${id} is no longer in ENCRYPTION_KEYS, and ${count} cannot be opened: put it back, or set them again.`,
  );
  const detail = `Secrets by key: ${known.join("; ")}. ${missing.join(" ")}`.trim();
  return { name: "keyring", ok: gone.length === 0, detail };
}

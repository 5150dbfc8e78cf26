// Rotating ENCRYPTION_KEYS: every secret moves to the first key, nothing is lost on the way, and what cannot
// be opened is counted and stands in nobody's way. One database for the file, so each test counts its own.

import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { secrets } from "../../src/directory/connection-tables.ts";
import { noteSealingKey, readKeyringUse } from "../../src/directory/keyring-use.ts";
import { resealSecrets } from "../../src/directory/reseal-secrets.ts";
import { insertSecret, openSecret, type SecretRow, sealSecret } from "../../src/directory/secret-store.ts";
import { commit } from "../../src/platform/commit.ts";
import type { Deps } from "../../src/platform/deps.ts";
import { parseKeyring } from "../../src/platform/secret-box.ts";
import { testDeps } from "../harness/world.ts";

const OLD = newKey("old");
const FRESH = newKey("fresh");
const DAY_MS = 24 * 60 * 60 * 1000;
const scope = { tenantId: "tenant_reseal", environmentId: "env_reseal" };

function newKey(id: string): string {
  return `${id}:${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
}

const depsWith = (...keys: string[]): Deps => testDeps({ keyring: parseKeyring(keys.join(",")) });

async function store(deps: Deps, ownerId: string, value: string, version = 1): Promise<SecretRow> {
  const row = await sealSecret(deps, scope, { ownerId, field: "secret_key", version, value });
  await commit(deps.directory, [insertSecret(deps, row)]);
  return row;
}

async function readAll(deps: Deps): Promise<SecretRow[]> {
  return deps.directory.select().from(secrets).all();
}

beforeEach(async () => {
  for (const table of ["secrets", "sealing_keys"]) await env.DB.prepare(`DELETE FROM ${table}`).run();
});

test("every secret moves to the first key with its value, its version and its expiry", async () => {
  const before = depsWith(OLD);
  for (let owner = 0; owner < 5; owner++) await store(before, `conn_${owner}`, `value-${owner}`);
  await env.DB.prepare("UPDATE secrets SET expires_at_ms = 99 WHERE owner_id = 'conn_3'").run();

  const after = depsWith(FRESH, OLD);
  expect(await resealSecrets(after, 100)).toEqual({ resealed: 5, remaining: 0, unreadable: 0 });
  const alone = depsWith(FRESH);
  const rows = await readAll(alone);
  expect(await Promise.all(rows.map((row) => openSecret(alone, row)))).toEqual(
    [0, 1, 2, 3, 4].map((owner) => `value-${owner}`),
  );
  expect(rows.map(({ keyId, version, expiresAtMs }) => [keyId, version, expiresAtMs])).toEqual([
    ["fresh", 1, null],
    ["fresh", 1, null],
    ["fresh", 1, null],
    ["fresh", 1, 99],
    ["fresh", 1, null],
  ]);
  expect(await resealSecrets(after, 100)).toEqual({ resealed: 0, remaining: 0, unreadable: 0 });
});

test("what was sealed without its version is sealed again with it, once", async () => {
  const deps = depsWith(OLD);
  const row = await store(deps, "conn_before", "kept", 3);
  const { tenantId, environmentId, ownerId, field } = row;
  const { iv, ciphertext } = await deps.keyring.seal({ tenantId, environmentId, ownerId, field }, "kept");
  await env.DB.prepare("UPDATE secrets SET iv = ?, ciphertext = ? WHERE owner_id = ?")
    .bind(iv, ciphertext, ownerId)
    .run();
  expect(await resealSecrets(deps, 100)).toEqual({ resealed: 1, remaining: 0, unreadable: 0 });
  const [bound] = await readAll(deps);
  if (!bound) throw new Error("It is gone.");
  expect(await openSecret(deps, bound)).toBe("kept");
  await expect(openSecret(deps, { ...bound, version: 4 })).rejects.toMatchObject({
    code: "secret_unreadable",
  });
  expect(await resealSecrets(deps, 100)).toEqual({ resealed: 0, remaining: 0, unreadable: 0 });
});

test("a run is bounded, and runs after one another move all, from several old keys", async () => {
  const older = newKey("older");
  await Promise.all(Array.from({ length: 130 }, (_, owner) => store(depsWith(OLD), `a_${owner}`, "x")));
  await Promise.all(Array.from({ length: 130 }, (_, owner) => store(depsWith(older), `b_${owner}`, "x")));
  const deps = depsWith(FRESH, OLD, older);
  const first = await resealSecrets(deps, 100);
  expect(first).toEqual({ resealed: 100, remaining: 160, unreadable: 0 });
  const runs = [first];
  while ((runs.at(-1)?.remaining ?? 0) > 0 && runs.length < 10) runs.push(await resealSecrets(deps, 100));
  expect(runs.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(260);
  expect(new Set((await readAll(deps)).map(({ keyId }) => keyId))).toEqual(new Set(["fresh"]));
});

test("a secret that was rotated between reading and writing keeps its new value", async () => {
  await store(depsWith(OLD), "conn_rotated", "before");
  await store(depsWith(OLD), "conn_still", "still");
  const deps = depsWith(FRESH, OLD);
  // The rotation comes at the last moment: when the first of the new seals is made.
  let rotated = false;
  const keyring = {
    ...deps.keyring,
    seal: async (...parameters: Parameters<Deps["keyring"]["seal"]>) => {
      if (!rotated) {
        rotated = true;
        const row = await sealSecret(deps, scope, {
          ownerId: "conn_rotated",
          field: "secret_key",
          version: 1,
          value: "after",
        });
        await env.DB.prepare(
          "UPDATE secrets SET key_id = ?, iv = ?, ciphertext = ? WHERE owner_id = 'conn_rotated'",
        )
          .bind(row.keyId, row.iv, row.ciphertext)
          .run();
      }
      return deps.keyring.seal(...parameters);
    },
  };
  expect(await resealSecrets({ ...deps, keyring }, 100)).toEqual({
    resealed: 1,
    remaining: 0,
    unreadable: 0,
  });
  const values = await Promise.all((await readAll(deps)).map((row) => openSecret(deps, row)));
  expect(values.sort()).toEqual(["after", "still"]);
});

test("two runs at the same time move each secret once and lose none", async () => {
  for (let owner = 0; owner < 20; owner++) await store(depsWith(OLD), `conn_${owner}`, `value-${owner}`);
  const deps = depsWith(FRESH, OLD);
  const runs = await Promise.all([resealSecrets(deps, 100), resealSecrets(deps, 100)]);
  expect(runs.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(20);
  const rows = await readAll(deps);
  const values = await Promise.all(rows.map((row) => openSecret(depsWith(FRESH), row)));
  expect(new Set(values).size).toBe(20);
});

test("secrets whose key is gone, or that were altered, are counted, left as they are and stop no other", async () => {
  const gone = await store(depsWith(newKey("gone")), "conn_0_gone", "lost");
  await store(depsWith(OLD), "conn_1_altered", "altered");
  await store(depsWith(OLD), "conn_2_good", "good");
  await env.DB.prepare(
    "UPDATE secrets SET tenant_id = 'tenant_other' WHERE owner_id = 'conn_1_altered'",
  ).run();
  const deps = depsWith(FRESH, OLD);
  expect(await resealSecrets(deps, 100)).toEqual({ resealed: 1, remaining: 0, unreadable: 2 });
  const rows = await readAll(deps);
  expect(rows.map(({ keyId }) => keyId)).toEqual(["gone", "old", "fresh"]);
  expect(rows[0]?.ciphertext).toBe(gone.ciphertext);
});

test("the keyring says what lies under each key, in order, with the ids that are gone", async () => {
  await store(depsWith(newKey("gone")), "conn_gone", "x");
  await store(depsWith(OLD), "conn_old", "x");
  await store(depsWith(FRESH), "conn_fresh", "x");
  const deps = depsWith(FRESH, newKey("unused"), OLD);
  await noteSealingKey({ ...deps, now: () => Date.now() - 2 * DAY_MS });
  const shown = (await readKeyringUse(deps)).map((use) => [
    use.keyId,
    use.status,
    use.secrets,
    use.mayBeRemoved,
  ]);
  expect(shown).toEqual([
    ["fresh", "seals", 1, false],
    ["unused", "opens", 0, true],
    ["old", "opens", 1, false],
    ["gone", "gone", 1, false],
  ]);
});

describe("an old key may go once no secret lies under it and it has not sealed for a day and an hour", () => {
  const start = Date.now();
  const HELD_MS = DAY_MS + 60 * 60_000;
  const at = (deps: Deps, ms: number): Deps => ({ ...deps, now: () => start + ms });
  const oldKey = async (deps: Deps, ms: number) =>
    (await readKeyringUse(at(deps, ms))).find(({ keyId }) => keyId === "old");

  test("since it was noted that another one seals", async () => {
    await store(depsWith(OLD), "conn_old", "x");
    await noteSealingKey(at(depsWith(OLD), 0));
    const deps = depsWith(FRESH, OLD);
    await noteSealingKey(at(deps, 5 * DAY_MS));
    const until = 5 * DAY_MS + HELD_MS;
    expect(await oldKey(deps, until + 1)).toMatchObject({
      secrets: 1,
      answersUntilMs: null,
      mayBeRemoved: false,
    });
    await resealSecrets(deps, 100);
    expect(await oldKey(deps, until - 1)).toMatchObject({
      secrets: 0,
      answersUntilMs: start + until,
      mayBeRemoved: false,
    });
    expect(await oldKey(deps, until + 1)).toMatchObject({ answersUntilMs: null, mayBeRemoved: true });
  });

  test("noted again and again it is one moment; sealing once more it begins anew", async () => {
    const deps = depsWith(FRESH, OLD);
    await noteSealingKey(at(depsWith(OLD), 0));
    for (const ms of [1_000, 60_000, 120_000]) await noteSealingKey(at(deps, ms));
    expect((await oldKey(deps, 180_000))?.answersUntilMs).toBe(start + 1_000 + HELD_MS);
    // Rolled back for an hour.
    await noteSealingKey(at(depsWith(OLD, FRESH), DAY_MS));
    expect((await oldKey(depsWith(OLD, FRESH), DAY_MS))?.mayBeRemoved).toBe(false);
    await noteSealingKey(at(deps, DAY_MS + 3_600_000));
    expect((await oldKey(deps, 2 * DAY_MS))?.answersUntilMs).toBe(start + DAY_MS + 3_600_000 + HELD_MS);
  });

  test("a key that was never noted may have sealed until the first note, and none later", async () => {
    const deps = depsWith(FRESH, OLD);
    expect(await oldKey(deps, 0)).toMatchObject({ mayBeRemoved: false });
    await noteSealingKey(at(deps, 0));
    expect((await oldKey(deps, HELD_MS - 1))?.mayBeRemoved).toBe(false);
    expect((await oldKey(deps, HELD_MS + 1))?.mayBeRemoved).toBe(true);
  });

  test("one that left the keyring too early is told of until then", async () => {
    await noteSealingKey(at(depsWith(OLD), 0));
    const alone = depsWith(FRESH);
    await noteSealingKey(at(alone, 1_000));
    expect(await oldKey(alone, 2_000)).toMatchObject({
      status: "gone",
      answersUntilMs: start + 1_000 + HELD_MS,
    });
    expect(await oldKey(alone, 1_000 + HELD_MS)).toBeUndefined();
  });
});

// Rotating ENCRYPTION_KEYS: every secret moves to the first key, nothing is lost on the way, and what cannot
// be opened is counted and stands in nobody's way. One database for the file, so each test counts its own.

import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { readKeyringUse } from "../../src/directory/keyring-use.ts";
import { resealSecrets } from "../../src/directory/reseal-secrets.ts";
import { insertSecret, openSecret, type SecretRow, sealSecret } from "../../src/directory/secret-store.ts";
import { secrets } from "../../src/directory/tables.ts";
import { commit } from "../../src/platform/commit.ts";
import type { Deps } from "../../src/platform/deps.ts";
import { parseKeyring } from "../../src/platform/secret-box.ts";
import { testDeps } from "../harness/world.ts";

const OLD = newKey("old");
const FRESH = newKey("fresh");
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
  await env.DB.prepare("DELETE FROM secrets").run();
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

test("an old key may go once nothing needs it: secrets after a reseal, kept answers after a day", async () => {
  const now = Date.now();
  await env.DB.prepare("DELETE FROM idempotency_keys").run();
  await env.DB.prepare(
    `INSERT INTO idempotency_keys (environment_id, key, fingerprint, response_status, sealed_key_id, sealed_iv, sealed_body, created_at_ms)
     VALUES ('env_reseal', 'k', 'f', 201, 'old', 'iv', 'body', ?)`,
  )
    .bind(now)
    .run();
  await store(depsWith(OLD), "conn_old", "x");
  const deps = depsWith(FRESH, OLD);
  const oldKey = async (atMs: number) =>
    (await readKeyringUse({ ...deps, now: () => atMs })).find(({ keyId }) => keyId === "old");
  expect(await oldKey(now)).toMatchObject({ secrets: 1, answers: 1, mayBeRemoved: false });
  await resealSecrets(deps, 100);
  const until = now + 24 * 60 * 60 * 1000;
  expect(await oldKey(now)).toMatchObject({
    secrets: 0,
    answers: 1,
    answersUntilMs: until,
    mayBeRemoved: false,
  });
  expect(await oldKey(until + 1)).toMatchObject({ answers: 0, answersUntilMs: null, mayBeRemoved: true });
});

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { invalidKeyring, parseKeyring, type SecretPlace } from "../../src/platform/secret-box.ts";

function randomKey(id: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `${id}:${btoa(String.fromCharCode(...bytes))}`;
}

const place: SecretPlace = {
  tenantId: "tenant_a",
  environmentId: "env_a",
  ownerId: "conn_a",
  field: "secret_key",
};

test("the first key seals and every key opens", async () => {
  const [old, fresh] = [randomKey("old"), randomKey("fresh")];
  const sealed = await parseKeyring(old).seal(place, "sk_test_4242");
  const rotated = parseKeyring(`${fresh},${old}`);
  expect(await rotated.open(place, sealed)).toBe("sk_test_4242");
  expect((await rotated.seal(place, "x")).keyId).toBe("fresh");
});

test("the same secret sealed twice has nothing in common", async () => {
  const keyring = parseKeyring(randomKey("k"));
  const [one, two] = [await keyring.seal(place, "same"), await keyring.seal(place, "same")];
  expect(one.iv).not.toBe(two.iv);
  expect(one.ciphertext).not.toBe(two.ciphertext);
});

test("a ciphertext moved to another tenant, environment, owner, field or key id does not open", async () => {
  const text = randomKey("k");
  const keyring = parseKeyring(text);
  const sealed = await keyring.seal(place, "secret");
  const moves: SecretPlace[] = [
    { ...place, tenantId: "tenant_b" },
    { ...place, environmentId: "env_b" },
    { ...place, ownerId: "conn_b" },
    { ...place, field: "webhook_secret" },
    // The same characters, divided otherwise.
    { ...place, tenantId: "tenant_aenv", environmentId: "_a" },
  ];
  for (const moved of moves) {
    await expect(keyring.open(moved, sealed)).rejects.toMatchObject({ code: "secret_unreadable" });
  }
  const renamed = parseKeyring(text.replace("k:", "other:"));
  await expect(renamed.open(place, { ...sealed, keyId: "other" })).rejects.toMatchObject({
    code: "secret_unreadable",
  });
});

test("a secret under a key that is gone says which key, and not the secret", async () => {
  const sealed = await parseKeyring(randomKey("gone")).seal(place, "sk_test_visible");
  const error = await parseKeyring(randomKey("new"))
    .open(place, sealed)
    .catch((caught: unknown) => caught);
  expect(String(error)).toContain("'gone'");
  expect(String(error)).not.toContain("sk_test_visible");
});

test("a keyring that is malformed, repeated, too short or not random is named by its entry", () => {
  expect(invalidKeyring(env.ENCRYPTION_KEYS)).toBeNull();
  expect(invalidKeyring("k1")).toContain("entry 1");
  expect(invalidKeyring(`${randomKey("a")},b:short`)).toContain("entry 2");
  expect(invalidKeyring(`${randomKey("a")},${randomKey("a")}`)).toContain("repeats");
  expect(invalidKeyring(`a:${btoa("\0".repeat(32))}`)).toContain("not random");
});

test("an older value does not open in a newer one's place, and what was sealed without a version still opens", async () => {
  const keyring = parseKeyring(randomKey("k"));
  const second = { ...place, version: 2 };
  const sealed = await keyring.seal(second, "the second");
  expect(await keyring.open(second, sealed)).toBe("the second");
  const refused = [
    keyring.open({ ...place, version: 1 }, sealed),
    keyring.open(place, sealed),
    // Nor does it pass for one of before by losing its mark.
    keyring.open(second, { ...sealed, ciphertext: sealed.ciphertext.replace("2.", "") }),
  ];
  for (const opened of refused) await expect(opened).rejects.toMatchObject({ code: "secret_unreadable" });
  expect(await keyring.open(second, await keyring.seal(place, "of before"))).toBe("of before");
});

// Seals secrets with AES-256-GCM under a keyring: the first key seals, every key opens. A sealed secret
// opens only in the place for which it was sealed: tenant, environment, owner, field, version and key id are
// bound to it as additional data, so a ciphertext that was moved to another row will not open.

import { AppError } from "./app-error.ts";
import { isRandom } from "./secret-form.ts";

/** Where a secret lives. Moving its ciphertext to any other place makes it unreadable. */
export type SecretPlace = {
  tenantId: string;
  environmentId: string;
  ownerId: string;
  field: string;
  /** Of a secret that has several: an older value does not open in a newer one's place. */
  version?: number | undefined;
};

export type SealedSecret = { keyId: string; iv: string; ciphertext: string };

export type Keyring = {
  /** The id of the key that seals. */
  sealingKeyId: string;
  keyIds: readonly string[];
  seal: (place: SecretPlace, secret: string) => Promise<SealedSecret>;
  /** @throws AppError `secret_unreadable` when the key is gone or the ciphertext does not belong here */
  open: (place: SecretPlace, sealed: SealedSecret) => Promise<string>;
  /** An HMAC-SHA-256 key for one purpose, derived by HKDF from the sealing key; it changes with that key. */
  signingKey: (purpose: string) => Promise<CryptoKey>;
};

type RawKey = { id: string; bytes: Uint8Array<ArrayBuffer> };

/** @param text `id:base64(32 bytes)`, comma-separated; must have passed {@link invalidKeyring} */
export function parseKeyring(text: string): Keyring {
  const raw = readKeys(text);
  const [first] = raw;
  if (typeof raw === "string" || typeof first !== "object") {
    throw new AppError("not_configured", { detail: "ENCRYPTION_KEYS cannot be read." });
  }
  const imported = new Map<string, Promise<CryptoKey>>();
  const keyFor = (key: RawKey): Promise<CryptoKey> => {
    const known = imported.get(key.id);
    if (known) return known;
    const made = crypto.subtle.importKey("raw", key.bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    imported.set(key.id, made);
    return made;
  };

  return {
    sealingKeyId: first.id,
    keyIds: raw.map((key) => key.id),
    async seal(place, secret) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const parameters = { name: "AES-GCM", iv, additionalData: additionalData(place, first.id) };
      const plain = new TextEncoder().encode(secret);
      const ciphertext = await crypto.subtle.encrypt(parameters, await keyFor(first), plain);
      const mark = place.version === undefined ? "" : WITH_VERSION;
      return {
        keyId: first.id,
        iv: toBase64(iv),
        ciphertext: `${mark}${toBase64(new Uint8Array(ciphertext))}`,
      };
    },
    async open(place, sealed) {
      const key = raw.find((candidate) => candidate.id === sealed.keyId);
      if (!key)
        throw unreadable(
          place,
          `it was sealed under key '${sealed.keyId}', which ENCRYPTION_KEYS no longer has`,
        );
      const hasVersion = sealed.ciphertext.startsWith(WITH_VERSION);
      const additional = additionalData(hasVersion ? place : { ...place, version: undefined }, key.id);
      const ciphertext = hasVersion ? sealed.ciphertext.slice(WITH_VERSION.length) : sealed.ciphertext;
      const parameters = { name: "AES-GCM", iv: fromBase64(sealed.iv), additionalData: additional };
      try {
        const plain = await crypto.subtle.decrypt(parameters, await keyFor(key), fromBase64(ciphertext));
        return new TextDecoder().decode(plain);
      } catch (cause) {
        throw unreadable(place, "it was altered, or sealed for another place", cause);
      }
    },
    async signingKey(purpose) {
      const base = await crypto.subtle.importKey("raw", first.bytes, "HKDF", false, ["deriveKey"]);
      const info = new TextEncoder().encode(`quittance/${purpose}`);
      return crypto.subtle.deriveKey(
        { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info },
        base,
        { name: "HMAC", hash: "SHA-256", length: 256 },
        false,
        ["sign", "verify"],
      );
    },
  };
}

/** Says what is wrong with a keyring's text, or null. The text itself is never repeated. */
export function invalidKeyring(text: string): string | null {
  const keys = readKeys(text);
  return typeof keys === "string" ? keys : null;
}

function readKeys(text: string): RawKey[] | string {
  const keys: RawKey[] = [];
  for (const [index, entry] of text.split(",").entries()) {
    const place = `entry ${index + 1}`;
    const match = /^\s*([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)\s*$/.exec(entry);
    const [, id, base64] = match ?? [];
    if (id === undefined || base64 === undefined) return `${place} is not id:base64 of 32 bytes`;
    if (keys.some((key) => key.id === id)) return `${place} repeats the key id '${id}'`;
    const bytes = fromBase64(base64);
    if (!isRandom([...bytes], 16)) return `${place} is not random`;
    keys.push({ id, bytes });
  }
  return keys;
}

// Base64 has no full stop. Without it: sealed before the version was bound, and sealed again by cron.
const WITH_VERSION = "2.";

// Length-prefixed, so that no two different places can spell the same bytes.
function additionalData(place: SecretPlace, keyId: string): Uint8Array {
  const version = place.version === undefined ? [] : [String(place.version)];
  const parts = [place.tenantId, place.environmentId, place.ownerId, place.field, keyId, ...version];
  return new TextEncoder().encode(parts.map((part) => `${part.length}:${part}`).join("|"));
}

function unreadable(place: SecretPlace, why: string, cause?: unknown): AppError {
  const detail = `The ${place.field} of ${place.ownerId} cannot be opened: ${why}. Set the secret again, or put the key back.`;
  return new AppError("secret_unreadable", { detail, cause });
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

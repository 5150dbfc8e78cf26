// API keys: `qt_` and 43 characters of 256 random bits. With so many bits a plain SHA-256 is enough at
// rest; a slow hash would only slow every call down.

import { sha256Hex } from "../platform/sha256.ts";

/** A new key in clear: shown once, kept nowhere. */
export function newApiKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const base64 = btoa(String.fromCharCode(...bytes));
  return `qt_${base64.replaceAll("+", "A").replaceAll("/", "B").replaceAll("=", "")}`;
}

const KEY = /^qt_[A-Za-z0-9]{43}$/;

/** Whether it can be a key of ours at all. */
export function isApiKey(token: string): boolean {
  return KEY.test(token);
}

/** SHA-256 as 64 hexadecimal digits. */
export async function hashApiKey(key: string): Promise<string> {
  return sha256Hex(key);
}

/** The end of a key, by which a person tells two apart: `qt_…x7Qd`. */
export function apiKeyHint(key: string): string {
  return `qt_…${key.slice(-4)}`;
}

// Answers of the keyring.

import * as z from "zod";
import { timestampField, timestampOrNull } from "../http/fields.ts";
import type { KeyUse } from "./keyring-use.ts";
import type { ResealProgress } from "./reseal-secrets.ts";

export const keyringSchema = z
  .object({
    object: z.literal("keyring"),
    keys: z.array(
      z.object({
        id: z.string().meta({ description: "The id before the colon in ENCRYPTION_KEYS." }),
        status: z.enum(["seals", "opens", "gone"]).meta({
          description:
            "`seals`: the first, which seals what is new. `opens`: an old one. `gone`: no longer in ENCRYPTION_KEYS; what it sealed is unreadable.",
        }),
        secrets: z.int().meta({ description: "Secrets under it." }),
        idempotent_answers_until: timestampField.nullable().meta({
          description:
            "Until then answers kept for Idempotency-Key may lie under it, and go by themselves: a day after it stopped sealing, and an hour for whoever was late. Null: none can, or it is the key that seals.",
        }),
        may_be_removed: z.boolean().meta({
          description: "Whether it may be taken out of ENCRYPTION_KEYS: nothing needs it any more.",
        }),
      }),
    ),
  })
  .meta({ id: "Keyring" });

export const resealSchema = z
  .object({
    object: z.literal("keyring_reseal"),
    resealed: z.int().meta({ description: "Moved to the first key by this call." }),
    remaining: z.int().meta({ description: "Still under an older key. Call again until it is 0." }),
    unreadable: z.int().meta({
      description: "Cannot be opened: their key is gone, or they were altered. They have to be set again.",
    }),
  })
  .meta({ id: "KeyringReseal" });

export function toKeyring(uses: readonly KeyUse[]): z.infer<typeof keyringSchema> {
  const keys = uses.map((use) => ({
    id: use.keyId,
    status: use.status,
    secrets: use.secrets,
    idempotent_answers_until: timestampOrNull(use.answersUntilMs),
    may_be_removed: use.mayBeRemoved,
  }));
  return { object: "keyring", keys };
}

export function toReseal(progress: ResealProgress): z.infer<typeof resealSchema> {
  return { object: "keyring_reseal", ...progress };
}

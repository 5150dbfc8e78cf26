// How a restricted key for Quittance is made at Stripe: by a link that fills in Stripe's own form, and by hand, since
// Stripe does not promise that link. Pure: no I/O.

import * as z from "zod";
import { MOST_SOUGHT_CHARACTERS } from "../platform/bounds.ts";
import { FEATURE_NAMES, FEATURES, type FeatureName, rowsOf } from "./features.ts";
import { ACCOUNT_PERMISSION, type PermissionName } from "./permissions.ts";

/** A comma-separated list of features; left out, all that need no choice. */
export const featuresQuery = z.strictObject({
  features: z
    .string()
    .max(MOST_SOUGHT_CHARACTERS)
    .transform((text) => text.split(",").map((name) => name.trim()))
    .pipe(
      z
        .array(z.enum(FEATURE_NAMES, { error: `Features are: ${FEATURE_NAMES.join(", ")}.` }))
        .min(1)
        .max(FEATURE_NAMES.length),
    )
    .optional()
    .meta({
      type: "string",
      maxLength: MOST_SOUGHT_CHARACTERS,
      description: `What the key is for, comma-separated: ${FEATURE_NAMES.map((name) => `\`${name}\``).join(", ")}. Left out: all but \`thin_events\`.`,
      example: "invoices,refunds,reconciliation,webhook_endpoint",
    }),
});

export const restrictedKeySchema = z
  .object({
    object: z.literal("restricted_key"),
    features: z.array(z.object({ name: z.enum(FEATURE_NAMES), purpose: z.string() })),
    permissions: z
      .array(z.string())
      .meta({ example: ["Payment Links: write"], description: "As the rows of Stripe's form are called." }),
    create_url: z.url().meta({
      description:
        "Opens Stripe's form with the permissions filled in. Stripe does not document this link: where it does not work, `by_hand` does.",
    }),
    by_hand: z.array(z.string()).meta({ description: "The same in steps." }),
  })
  .meta({ id: "RestrictedKey" });

/** @param livemode for which of Stripe's modes the key is */
export function restrictedKey(
  livemode: boolean,
  features: readonly FeatureName[] = FEATURE_NAMES.filter((name) => name !== "thin_events"),
): z.infer<typeof restrictedKeySchema> {
  const chosen = FEATURE_NAMES.filter((name) => features.includes(name));
  const needed = [...new Set(chosen.flatMap((name) => FEATURES[name].needs))];
  const rows = rowsOf(needed);
  return {
    object: "restricted_key",
    features: chosen.map((name) => ({ name, purpose: FEATURES[name].purpose })),
    permissions: ["Accounts: read", ...rows],
    create_url: createUrl(livemode, needed),
    by_hand: [
      `Open https://dashboard.stripe.com/${livemode ? "" : "test/"}apikeys and choose Create restricted key.`,
      `Give it a name, such as Quittance, and these permissions, all others None: Accounts read, ${rows.map((row) => row.replace(": ", " ")).join(", ")}.`,
      "Create the key, copy it (rk_…), and set it as secret_key of the connection.",
      ...(features.includes("invoices")
        ? []
        : [
            "It makes no payment links: set sync_config.invoice.outbound of the connection to false with it.",
          ]),
    ],
  };
}

function createUrl(livemode: boolean, needed: readonly PermissionName[]): string {
  // Whoever may write may read (https://docs.stripe.com/keys/restricted-api-keys).
  const written = new Set<string>(needed.filter((name) => name.endsWith("_write")));
  const least = needed.filter((name) => !written.has(name.replace(/_read$/, "_write")) || written.has(name));
  const query = [ACCOUNT_PERMISSION, ...least].map((name) => `&permissions[]=rak_${name}`).join("");
  return encodeURI(
    `https://dashboard.stripe.com/${livemode ? "" : "test/"}apikeys/create?name=Quittance${query}`,
  );
}

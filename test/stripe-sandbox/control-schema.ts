// What the control door accepts. Unknown names are refused, so that a misspelt fault does not pass for none.

import * as z from "zod";

const key = z.string().regex(/^[sr]k_(?:test|live)_\w+$/, "a key such as sk_test_alpha_1");

const HAVE_WORDS = new Set(["invalid_request", "unauthorized"]);

export const fault = z
  .strictObject({
    method: z.enum(["GET", "POST", "DELETE", "PUT", "PATCH"]).optional(),
    path: z.string().startsWith("/", "a path such as /v1/payment_links").optional(),
    times: z.int().min(1).default(1),
    key: key.optional(),
    kind: z.enum([
      "rate_limit",
      "invalid_request",
      "unauthorized",
      "server_error",
      "timeout",
      "cut_before",
      "cut_after",
    ]),
    retryAfterSeconds: z.int().min(0).optional(),
    message: z.string().optional(),
  })
  .refine((value) => value.retryAfterSeconds === undefined || value.kind === "rate_limit", {
    error: "belongs to rate_limit alone",
    path: ["retryAfterSeconds"],
  })
  .refine((value) => value.message === undefined || HAVE_WORDS.has(value.kind), {
    error: "belongs to invalid_request and unauthorized alone",
    path: ["message"],
  });

export const deliveryPolicy = z.strictObject({
  withhold: z.boolean().optional(),
  copies: z.int().min(1).max(100).optional(),
  shuffle: z.boolean().optional(),
  delayMs: z.int().min(0).optional(),
});

export const payment = z
  .strictObject({
    payment_link: z.string().optional(),
    session: z.string().optional(),
    card: z.string(),
    email: z.string().optional(),
    name: z.string().optional(),
    approve3ds: z.boolean().optional(),
    promotionCode: z.string().optional(),
    quantity: z.int().optional(),
    key,
  })
  .refine((value) => (value.payment_link === undefined) !== (value.session === undefined), {
    error: "give either payment_link or session",
    path: ["payment_link"],
  });

export const advance = z.strictObject({ ms: z.int().min(0) });

export const thinDestination = z.strictObject({ key, url: z.url() });

export const revocation = z.strictObject({ key });

export const disputeClosing = z.strictObject({ outcome: z.enum(["won", "lost"]), key });

export const accountPatch = z.strictObject({
  charges_enabled: z.boolean().optional(),
  payouts_enabled: z.boolean().optional(),
  details_submitted: z.boolean().optional(),
  business_name: z.string().optional(),
  requirements: z
    .strictObject({
      currently_due: z.array(z.string()).optional(),
      eventually_due: z.array(z.string()).optional(),
      past_due: z.array(z.string()).optional(),
      pending_verification: z.array(z.string()).optional(),
      disabled_reason: z.string().nullable().optional(),
    })
    .optional(),
});

// npm run connect:setup: makes the platform's own Connect endpoint at Stripe, in each mode whose key is given, and says
// what to set. By hand only. With STRIPE_API_BASE it asks the sandbox instead, which checks this script.

import { connectWebhookUrl } from "../../src/connections/webhook-endpoint-state.ts";
import { createStripeFactory, fromStripeError } from "../../src/platform/stripe.ts";
import { setUpConnectEndpoint } from "./set-up-connect-endpoint.ts";

const { QUITTANCE_URL = "", STRIPE_API_BASE } = process.env;
const keys = (["TEST", "LIVE"] as const).flatMap((mode) => {
  const key = process.env[`STRIPE_CONNECT_SECRET_KEY_${mode}`] ?? "";
  return key === "" ? [] : [{ mode: mode.toLowerCase(), key }];
});
const wrong = keys.find(({ mode, key }) => !new RegExp(`^[sr]k_${mode}_`).test(key));
if (!URL.canParse(QUITTANCE_URL) || keys.length === 0 || wrong) {
  console.error(
    "Set QUITTANCE_URL to the Worker's origin, https://…, and STRIPE_CONNECT_SECRET_KEY_TEST, STRIPE_CONNECT_SECRET_KEY_LIVE " +
      "or both to the platform's own secret keys of that mode.",
  );
  process.exit(2);
}

const url = connectWebhookUrl({ publicUrl: new URL(QUITTANCE_URL).origin });
const renew = process.argv.includes("--renew");
const secrets: string[] = [];
for (const { mode, key } of keys) {
  try {
    const stripe = createStripeFactory(STRIPE_API_BASE || null)(key);
    const { said, secret } = await setUpConnectEndpoint(stripe, url, { renew });
    for (const line of said) console.log(`${mode}: ${line}`);
    if (secret !== null) secrets.push(secret);
  } catch (error) {
    console.error(`${mode}: ${fromStripeError(error).message}`);
    process.exitCode = 1;
  }
}
if (secrets.length > 0) {
  console.log(`\nSet the signing secrets, with those that are set already and still used, apart by commas:

  npx wrangler secret put STRIPE_CONNECT_WEBHOOK_SECRETS
  ${secrets.join(",")}`);
  for (const { mode } of keys)
    console.log(`\n  npx wrangler secret put STRIPE_CONNECT_SECRET_KEY_${mode.toUpperCase()}`);
  console.log(
    "\nand STRIPE_CONNECT_CLIENT_ID in wrangler.toml: Stripe shows it under Connect, OAuth settings.",
  );
}

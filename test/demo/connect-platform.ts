// The demo's platform at Stripe Connect: its account in the sandbox has an endpoint that hears of all accounts.

import { connectWebhookUrl } from "../../src/connections/webhook-endpoint-state.ts";
import { createStripeFactory } from "../../src/platform/stripe.ts";
import { setUpConnectEndpoint } from "../real/set-up-connect-endpoint.ts";

const PLATFORM_KEY = "sk_test_quittanceplatform_1";
const CLIENT_ID = "ca_quittanceplatform";

/** The Worker's settings by their names. An earlier run's secret is not known any more, so it has a new endpoint. */
export async function prepareConnect(sandbox: string, worker: string): Promise<Record<string, string>> {
  const stripe = createStripeFactory(sandbox)(PLATFORM_KEY);
  const url = connectWebhookUrl({ publicUrl: worker });
  const { secret } = await setUpConnectEndpoint(stripe, url, { renew: true });
  return {
    STRIPE_CONNECT_CLIENT_ID: CLIENT_ID,
    STRIPE_CONNECT_SECRET_KEY_TEST: PLATFORM_KEY,
    STRIPE_CONNECT_WEBHOOK_SECRETS: secret ?? "",
  };
}

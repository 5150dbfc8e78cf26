// Refuses webhook addresses that Stripe could not reach, in Stripe's words.

import { invalidRequest } from "../errors.ts";
import type { SandboxOptions } from "../types.ts";

const NOT_PUBLIC =
  "Invalid URL: URL must be publicly accessible. Consider using a tool like the Stripe CLI to test webhooks " +
  "locally: https://github.com/stripe/stripe-cli";

/** Throws 400 unless the address is https, in test mode http too, on a public host, or the options allow private ones. */
export function checkEndpointUrl(
  url: string,
  options: Pick<SandboxOptions, "allowPrivateWebhookUrls">,
  inLiveMode: boolean,
): void {
  if (!URL.canParse(url))
    throw invalidUrl("Invalid URL: An explicit scheme (such as https) must be provided.");
  const { protocol, hostname } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") throw invalidUrl("Invalid URL: must be http or https.");
  if (inLiveMode && protocol === "http:")
    throw invalidUrl(`Invalid URL: ${url}. URLs in livemode must begin with "https://"`);
  if (!options.allowPrivateWebhookUrls && isPrivate(hostname)) throw invalidUrl(NOT_PUBLIC);
}

function invalidUrl(message: string) {
  return invalidRequest(message, { code: "url_invalid", param: "url" });
}

function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (/(^|\.)(localhost|local|test|internal|invalid)$/.test(host) || !/[.:]/.test(host)) return true;
  if (host.includes(":")) return /^(::1?$|f[cd]|fe[89ab])/.test(host);
  return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host);
}

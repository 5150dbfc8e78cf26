// Whether a URL may be sent to now: its text (check-url.ts), and every address that its name has. Asked when
// a destination is saved and before each try, since a name can be pointed elsewhere in between. The moment
// between this and the connection is guarded by `global_fetch_strictly_public` and Cloudflare's own network.

import type { Config } from "../platform/config.ts";
import { checkUrl, isPublicAddress } from "./check-url.ts";
import { resolveHost } from "./resolve-host.ts";

export type AddressCheck = { ok: true; url: string } | { ok: false; reason: string };

/** @throws AppError `resolver_unavailable` (retryable) when the name could not be looked up */
export async function checkAddress(
  config: Pick<Config, "destinationsAllowPrivate">,
  text: string,
): Promise<AddressCheck> {
  const checked = checkUrl(text, config.destinationsAllowPrivate);
  if (!checked.ok) return checked;
  if (checked.host.kind === "address") return { ok: true, url: checked.url };
  const addresses = await resolveHost(checked.host.name);
  if (addresses.length === 0) return { ok: false, reason: `The name '${checked.host.name}' has no address.` };
  if (!addresses.every(isPublicAddress))
    return { ok: false, reason: `The name '${checked.host.name}' points to an address that is not public.` };
  return { ok: true, url: checked.url };
}

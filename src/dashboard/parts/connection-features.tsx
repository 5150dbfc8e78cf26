// What the connection's key may do, and how a key is made that may do what is needed.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { restrictedKey } from "../../connections/restricted-key.ts";
import { wordsOf } from "../status-words.ts";
import { Badge } from "./badge.tsx";

/** Nothing for a key that may do everything. */
export function ConnectionFeatures({ connection }: { connection: DescribedConnection }) {
  const { features, livemode } = connection;
  if (features.every(({ ok }) => ok)) return null;
  return (
    <>
      <h3>What the key may do</h3>
      <ul class="checks">
        {features.map(({ name, ok, in_use, missing }) => (
          <li>
            <span>
              <Badge tone={ok ? "good" : in_use ? "warn" : "idle"}>{ok ? "works" : "does not work"}</Badge>
            </span>
            <span>
              <strong>{wordsOf(name)}</strong> {missing.length === 0 ? null : `needs ${missing.join(", ")}`}
            </span>
          </li>
        ))}
      </ul>
      <p class="muted">
        Add to the key what it lacks in Stripe's dashboard under API keys, then press Test here; or{" "}
        <a href={restrictedKey(livemode).create_url}>make a new key at Stripe</a>.
      </p>
    </>
  );
}

/** Stripe's form with the permissions filled in; that link is not documented, so the same by hand. */
export function KeyGuide({ livemode }: { livemode: boolean }) {
  const { create_url, by_hand } = restrictedKey(livemode);
  return (
    <>
      <p>
        Best with a restricted key, which may do just what Quittance needs:{" "}
        <a href={create_url} target="_blank" rel="noopener noreferrer">
          make one at Stripe
        </a>
        , with the permissions filled in.
      </p>
      <details>
        <summary>The same by hand</summary>
        <ol>
          {by_hand.slice(0, -1).map((step) => (
            <li>{step}</li>
          ))}
          <li>Create the key, copy it (rk_…), and paste it here.</li>
        </ol>
      </details>
    </>
  );
}

// What a connection's test found, and what Stripe must send.

import { STRIPE_EVENT_TYPES } from "../../connections/stripe-event-types.ts";
import type { ConnectionTest } from "../../connections/test-connection.ts";
import { wordsOf } from "../status-words.ts";
import { Badge } from "./badge.tsx";

export function Checks({ test }: { test: ConnectionTest }) {
  const failed = test.checks.filter((check) => !check.ok).length;
  return (
    <div class="tested" role="status">
      <h3>
        {failed === 0 ? "Test: everything works" : `Test: ${failed} of ${test.checks.length} checks failed`}
      </h3>
      <ul class="checks">
        {test.checks.map((check) => (
          <li>
            <span>
              <Badge tone={check.ok ? "good" : "bad"}>{check.ok ? "works" : "fails"}</Badge>
            </span>
            <span>
              <strong>{wordsOf(check.name)}</strong> {check.detail}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Every event type that the endpoint at Stripe must send, with what it is for. */
export function EventTypes() {
  const types = Object.entries(STRIPE_EVENT_TYPES);
  return (
    <details>
      <summary>{`The ${types.length} event types that Stripe must send, and what each is for`}</summary>
      <dl class="event-types">
        {types.map(([type, purpose]) => (
          <div>
            <dt class="mono">{type}</dt>
            <dd>{purpose}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

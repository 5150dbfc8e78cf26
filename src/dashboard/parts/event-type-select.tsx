// Chooses one of the event types that Stripe sends; one that is not of them, and is set, stays.

import { STRIPE_EVENT_TYPE_NAMES } from "../../connections/stripe-event-types.ts";
import { Named } from "./filter-bar.tsx";

export function EventTypeSelect({ type }: { type: string | undefined }) {
  const known = STRIPE_EVENT_TYPE_NAMES.some((name) => name === type);
  return (
    <Named>
      <label for="type">Type</label>
      <select id="type" name="type">
        <option value="">All types</option>
        {type !== undefined && !known ? (
          <option value={type} selected>
            {type}
          </option>
        ) : null}
        {STRIPE_EVENT_TYPE_NAMES.map((name) => (
          <option value={name} selected={name === type}>
            {name}
          </option>
        ))}
      </select>
    </Named>
  );
}

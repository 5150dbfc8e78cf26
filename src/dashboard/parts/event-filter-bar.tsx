// By what webhook events are narrowed: their type, the time, what they are about, and the id of one.

import { EventTypeSelect } from "./event-type-select.tsx";
import { FilterBar, Named } from "./filter-bar.tsx";
import { MomentInput } from "./moment-input.tsx";

type Moments = { received_after?: number | undefined; received_before?: number | undefined };

/** @param props.query the filters as they were read: moments in ms */
export function EventFilterBar(props: {
  path: string;
  filters: Record<string, string | undefined>;
  query: Moments;
}) {
  const { path, filters, query } = props;
  return (
    <FilterBar
      path={path}
      filters={filters}
      names={["type", "received_after", "received_before", "object_id", "stripe_event_id"]}
    >
      <EventTypeSelect type={filters.type} />
      <MomentInput name="received_after" label="From" ms={query.received_after ?? null} />
      <MomentInput name="received_before" label="To" ms={query.received_before ?? null} />
      <Named>
        <label for="object_id">About</label>
        <input
          id="object_id"
          name="object_id"
          type="text"
          value={filters.object_id}
          placeholder="Any id, ours or Stripe's"
          spellcheck={false}
          maxlength={255}
        />
      </Named>
      <Named>
        <label for="stripe_event_id">Event</label>
        <input
          id="stripe_event_id"
          name="stripe_event_id"
          type="text"
          value={filters.stripe_event_id}
          placeholder="evt_…"
          spellcheck={false}
          maxlength={255}
        />
      </Named>
    </FilterBar>
  );
}

// By what webhook events are narrowed: their type, the time, what they are about, and the id of one.

import { EventTypeSelect } from "./event-type-select.tsx";
import { FilterBar, TextFilter } from "./filter-bar.tsx";
import { MomentInput } from "./moment-input.tsx";

type Moments = { received_after?: number | undefined; received_before?: number | undefined };

const AN_ID = { spellcheck: false, maxlength: 255 };

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
      <TextFilter
        {...AN_ID}
        name="object_id"
        label="About"
        value={filters.object_id}
        placeholder="Any id, ours or Stripe's"
      />
      <TextFilter
        {...AN_ID}
        name="stripe_event_id"
        label="Event"
        value={filters.stripe_event_id}
        placeholder="evt_…"
      />
    </FilterBar>
  );
}

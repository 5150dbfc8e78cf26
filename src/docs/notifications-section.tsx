// What event destinations are sent: the types, the schedule, and how a receiver knows that a message is ours.

import { CopyBlock } from "../dashboard/parts/copy.tsx";
import { Table } from "../dashboard/parts/table.tsx";
import { duration } from "../dashboard/time-words.ts";
import { TIME_OUT_MS } from "../notifications/send-message.ts";
import { SCHEDULE_SECONDS } from "../platform/delivery-schedule.ts";
import { NOTIFICATION_TYPES, NOTIFICATIONS, objectKindOf } from "../platform/notification-types.ts";
import { Prose } from "./prose.tsx";

const VERIFY = `import { Webhook } from "standardwebhooks";

// The body as it came, before any JSON parser. It throws when the message
// is not ours, or older than five minutes.
const message = new Webhook(secret).verify(rawBody, {
  "webhook-id": request.headers.get("webhook-id"),
  "webhook-timestamp": request.headers.get("webhook-timestamp"),
  "webhook-signature": request.headers.get("webhook-signature"),
});`;

export function Notifications() {
  const waits = SCHEDULE_SECONDS.map((seconds) => duration(seconds * 1000)).join(", ");
  return (
    <section>
      <h2 id="notifications">Notifications</h2>
      <p>
        An event destination gets a POST for each of these, signed as{" "}
        <a href="https://www.standardwebhooks.com">Standard Webhooks</a> says; any library of theirs verifies
        it with the destination's secret. In JavaScript:
      </p>
      <CopyBlock label="the verification" text={VERIFY} />
      <p>
        <Prose text="The body is `{id, type, created_at, tenant_id, environment_id, data: {object}}`, the object in the shape of the API as it was when the message was made, or `{id, object, deleted: true}`." />
      </p>
      <ul>
        <li>
          <Prose text="At least once: a message may come again under the same `webhook-id`. Keep the ids that you have taken for some days, and do nothing for one of them." />
        </li>
        <li>
          <Prose text="What the test button and `POST /api/v1/event_destinations/{id}/test` send says so: its body has `test: true`, which no other has, and its `webhook-id` begins with `msg_test_`. Verify it, answer 2xx, and do nothing for it." />
        </li>
        <li>Usually in order, but do not rely on it: where the order matters, ask the API for the object.</li>
        <li>
          Answer 2xx within {duration(TIME_OUT_MS)}, and work afterwards. Anything else is tried again after
          about {waits}; a redirect is a failure.
        </li>
        <li>
          <Prose text="429 and 503 with `Retry-After` are not tried again sooner than that says, up to an hour." />
        </li>
        <li>
          <Prose text="410 switches the destination off, and so do five days in which it took nothing; `event_destination.disabled` tells the others. What comes up meanwhile is kept: switch it on and call `POST /api/v1/event_destinations/{id}/recover`." />
        </li>
      </ul>
      <Table
        caption="Notifications"
        rows={NOTIFICATION_TYPES}
        columns={[
          { head: "Type", cell: (type) => <code>{type}</code> },
          { head: "When", cell: (type) => <Prose text={NOTIFICATIONS[type]} /> },
          { head: "Object", cell: (type) => <code>{objectKindOf(type)}</code> },
        ]}
      />
    </section>
  );
}

// The guide's last two steps: the platform is told of what happens, and what has to be so before real money is asked for.

import type { DestinationRow } from "../../ledger/notifications/destinations.ts";
import type { DestinationWithSecret } from "../../notifications/create-destination.ts";
import { SNIPPETS_BY_LANGUAGE } from "../../notifications/verify-snippets.ts";
import type { AppError } from "../../platform/app-error.ts";
import { newFormToken } from "../act.ts";
import { destinationHref, href } from "../hrefs.ts";
import { Badge } from "../parts/badge.tsx";
import { TextField } from "../parts/field.tsx";
import { Form } from "../parts/form-page.tsx";
import { Notice, Panel } from "../parts/panel.tsx";
import { SecretOnce, Snippets } from "../parts/secret.tsx";
import { guideHref, Ticks } from "./guide-page.tsx";
import { exampleTaken, type GuideFacts, liveChecks } from "./guide-state.ts";

export function PlatformStep(props: {
  facts: GuideFacts;
  mayKeep: boolean;
  /** As it was typed, where it was refused. */
  url: string;
  problem: AppError | null;
}) {
  const { facts, mayKeep, url, problem } = props;
  const { destinations } = facts;
  return (
    <>
      {destinations.length === 0 ? null : (
        <Panel title="Your event destinations">
          <ul class="pad rows">
            {destinations.map((destination) => (
              <Destination
                destination={destination}
                taken={exampleTaken(facts, destination.id)}
                mayKeep={mayKeep}
              />
            ))}
          </ul>
        </Panel>
      )}
      {destinations.length > 0 && problem === null ? (
        <Panel title="How your platform verifies what comes">
          <div class="pad">
            <Snippets snippets={SNIPPETS_BY_LANGUAGE} />
          </div>
        </Panel>
      ) : mayKeep ? (
        <Panel title="Where your platform is told">
          <Form action={guideHref("platform")} button="Create destination" problem={problem} paths={["url"]}>
            <TextField
              name="url"
              label="URL of your platform"
              type="url"
              placeholder="https://example.com/hooks/quittance"
              help="A POST comes here when an invoice is paid, refunded, disputed, and so on; https, at a public address."
              value={url}
              required
              problem={problem}
            />
          </Form>
        </Panel>
      ) : (
        <Notice tone="info">Somebody who may change event destinations has to do this step.</Notice>
      )}
    </>
  );
}

function Destination(props: { destination: DestinationRow; taken: boolean | null; mayKeep: boolean }) {
  const { destination, taken, mayKeep } = props;
  return (
    <li>
      <a class="mono" href={destinationHref(destination.id)}>
        {destination.url}
      </a>{" "}
      {taken === null ? (
        <Badge tone="idle">No example sent</Badge>
      ) : taken ? (
        <Badge tone="good">Example taken</Badge>
      ) : (
        <Badge tone="bad">Example not taken</Badge>
      )}
      {mayKeep ? <ExampleForm destinationId={destination.id} isFirst={taken === null} /> : null}
    </li>
  );
}

function ExampleForm({ destinationId, isFirst }: { destinationId: string; isFirst: boolean }) {
  return (
    <form class="actions" method="post" action={`${guideHref("platform")}/example`}>
      <input type="hidden" name="token" value={newFormToken()} />
      <input type="hidden" name="destination_id" value={destinationId} />
      <button class={isFirst ? "primary" : undefined} type="submit">
        {isFirst ? "Send an example" : "Send another example"}
      </button>
    </form>
  );
}

/** The one page that shows the secret. */
export function DestinationMade({ made: { destination, secret } }: { made: DestinationWithSecret }) {
  return (
    <Panel title="Its signing secret">
      <div class="pad">
        <p class="mono">{destination.url}</p>
        <SecretOnce
          label="signing secret"
          value={secret}
          lost="if it is lost, rotate it."
          snippets={SNIPPETS_BY_LANGUAGE}
        />
        <ExampleForm destinationId={destination.id} isFirst />
      </div>
    </Panel>
  );
}

export function LiveStep({ facts, livemode }: { facts: GuideFacts; livemode: boolean }) {
  return (
    <Panel title="Before real money is asked for">
      <div class="pad">
        <Ticks ticks={liveChecks(facts)} />
        {livemode ? null : (
          <Notice tone="info">
            <p>
              This environment is for test mode. Go through the same steps in a{" "}
              <a href={href("/environments")}>live environment</a> with a live key: these ticks are of that
              one.
            </p>
          </Notice>
        )}
      </div>
    </Panel>
  );
}

// A signing secret that was just made: the one page that shows it.

import type { DestinationWithSecret } from "../../notifications/create-destination.ts";
import { destinationHref, href } from "../hrefs.ts";
import { ActPage } from "./act-page.tsx";
import { CopyField } from "./copy.tsx";
import { Notice, Panel } from "./panel.tsx";

/** @param props.overlap what becomes of the secrets before it, in a sentence */
export function NewSecret(props: { made: DestinationWithSecret; title: string; overlap?: string }) {
  const { destination, secret } = props.made;
  return (
    <ActPage
      crumb={{ words: "Event destinations", href: href("/event-destinations") }}
      title={props.title}
      note={destination.url}
    >
      <Panel title="Its signing secret">
        <div class="pad">
          <Notice tone="warn">
            It is shown this once. Copy it now to your platform, which checks the signatures with it; if it is
            lost, rotate it.
          </Notice>
          <CopyField label="signing secret" value={secret} />
          {props.overlap === undefined ? null : <p>{props.overlap}</p>}
          <p>
            <a href={destinationHref(destination.id)}>To the destination</a>
          </p>
        </div>
      </Panel>
    </ActPage>
  );
}

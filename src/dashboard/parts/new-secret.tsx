// A signing secret that was just made, with code that checks signatures by it: the one page that shows it.

import type { DestinationWithSecret } from "../../notifications/create-destination.ts";
import { SNIPPETS_BY_LANGUAGE } from "../../notifications/verify-snippets.ts";
import { destinationHref, href } from "../hrefs.ts";
import { ActPage } from "./act-page.tsx";
import { Panel } from "./panel.tsx";
import { SecretOnce } from "./secret.tsx";

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
          <SecretOnce
            label="signing secret"
            value={secret}
            lost="if it is lost, rotate it."
            snippets={SNIPPETS_BY_LANGUAGE}
          />
          {props.overlap === undefined ? null : <p>{props.overlap}</p>}
          <p>
            <a href={destinationHref(destination.id)}>To the destination</a>
          </p>
        </div>
      </Panel>
    </ActPage>
  );
}

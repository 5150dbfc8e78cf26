// Where there is no connection yet: what one is for, and the way to one by a key.

import { docsHref, href } from "../hrefs.ts";
import { KeyGuide } from "./connection-features.tsx";
import { Panel } from "./panel.tsx";

/** @param props.mayConnect left out: whoever is signed in may */
export function NoConnection({ livemode, mayConnect = true }: { livemode: boolean; mayConnect?: boolean }) {
  return (
    <Panel title={mayConnect ? "Connect by key" : "Not connected to Stripe yet"}>
      <div class="pad">
        <p>Without a connection no payment link can be made. {mayConnect ? null : WHO_MAY}</p>
        {mayConnect ? (
          <>
            <KeyGuide livemode={livemode} />
            <div class="actions">
              <a class="button primary" href={href("/connections/new")}>
                Connect by key
              </a>
              <a class="button" href={href("/guide")}>
                Step by step
              </a>
            </div>
          </>
        ) : null}
        <p class="muted">
          {"By API: "}
          <a href={docsHref("post", "/connections")}>POST /api/v1/connections</a>
        </p>
      </div>
    </Panel>
  );
}

const WHO_MAY = "Somebody who may change connections has to connect the account.";

// The way to Stripe Connect, where there is no connection yet; where it is not set up, what the operator has to do.

import type { ConnectOffer } from "../../platform/connect-config.ts";
import { href } from "../hrefs.ts";
import { Panel } from "./panel.tsx";

/** @param props.next where it leads once the account is connected; left out: the page of the connection */
export function ConnectStripe({ offer, next }: { offer: ConnectOffer; next?: string }) {
  return (
    <Panel title="Stripe Connect">
      <div class="pad">
        {offer.ok ? (
          <>
            <p>Sign in at Stripe and give access there: no key is copied, and no webhook is set up.</p>
            <div class="actions">
              <a class="button" href={href("/connect-stripe", { next })}>
                Connect with Stripe
              </a>
            </div>
          </>
        ) : (
          <p class="muted">{offer.detail}</p>
        )}
      </div>
    </Panel>
  );
}

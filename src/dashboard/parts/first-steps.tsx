// What a new environment shows in place of its lists: how the first invoice comes to be paid.

import { docsHref } from "../hrefs.ts";
import { Panel } from "./panel.tsx";

export function FirstSteps({ connected }: { connected: boolean }) {
  return (
    <Panel title="First steps">
      <ol class="steps">
        {connected ? null : (
          <Step
            call="/connections"
            title="Connect a Stripe account"
            say="With a restricted key; the webhook endpoint is made at Stripe by itself."
          />
        )}
        <Step
          call="/customers"
          title="Create a customer"
          say="With your own id for it, or one that is made."
        />
        <Step
          call="/invoices"
          title="Create an invoice"
          say="With finalize: true the payment link is made at once; it shows here a moment later."
        />
      </ol>
    </Panel>
  );
}

function Step({ call, title, say }: { call: string; title: string; say: string }) {
  return (
    <li>
      <strong>{title}</strong>
      <span class="muted">{say}</span>
      <a class="mono" href={docsHref("post", call)}>{`POST /api/v1${call}`}</a>
    </li>
  );
}

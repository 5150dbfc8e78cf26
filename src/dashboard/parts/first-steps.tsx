// What a new environment shows in place of figures: how the first invoice comes to be paid and heard of. Each step
// ticks itself once it is so.

import { docsHref, href } from "../hrefs.ts";
import { Panel } from "./panel.tsx";
import { Steps } from "./steps.tsx";

export function FirstSteps(props: {
  isConnected: boolean;
  hasWebhook: boolean;
  hasInvoice: boolean;
  isPaid: boolean;
}) {
  const { isConnected, hasWebhook, hasInvoice, isPaid } = props;
  return (
    <Panel title="First steps">
      <Steps
        steps={[
          {
            title: "Connect your Stripe account",
            done: isConnected,
            content: isConnected ? null : (
              <>
                <span class="muted">With a restricted key; Quittance sets up the webhook by itself.</span>
                <div class="actions">
                  <a class="button primary" href={href("/connections")}>
                    Connect Stripe
                  </a>
                </div>
              </>
            ),
          },
          {
            title: "Let Stripe call here",
            done: isConnected && hasWebhook,
            content: hasWebhook ? null : (
              <div class="actions">
                <a class="button primary" href={href("/connections")}>
                  Set up the webhook
                </a>
              </div>
            ),
          },
          {
            title: "Create an invoice",
            done: hasInvoice,
            content: hasInvoice ? null : (
              <span class="muted">
                Your billing platform does so by API: <a href={docsHref("post", "/customers")}>a customer</a>,
                then <a href={docsHref("post", "/invoices")}>an invoice</a> of it. It shows here a moment
                later.
              </span>
            ),
          },
          {
            title: "See it paid",
            done: isPaid,
            content: isPaid ? null : (
              <>
                <span class="muted">
                  Open the invoice and pay by its link: Stripe calls, and it turns paid.
                </span>
                <div class="actions">
                  <a class="button primary" href={href("/invoices")}>
                    Invoices
                  </a>
                </div>
              </>
            ),
          },
        ]}
      />
    </Panel>
  );
}

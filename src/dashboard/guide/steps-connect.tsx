// The guide's first two steps: an account that is connected, and the webhook by which Stripe calls here.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import { STRIPE_EVENT_TYPE_NAMES } from "../../connections/stripe-event-types.ts";
import type { ConnectOffer } from "../../platform/connect-config.ts";
import { STRIPE_API_VERSION } from "../../platform/stripe.ts";
import { connectionHref, href } from "../hrefs.ts";
import { ConnectByKeyForm } from "../parts/connect-by-key-form.tsx";
import { ConnectStripe } from "../parts/connect-stripe.tsx";
import { KeyGuide } from "../parts/connection-features.tsx";
import { CopyBlock, CopyField } from "../parts/copy.tsx";
import { Form } from "../parts/form-page.tsx";
import { Notice, Panel } from "../parts/panel.tsx";
import { SigningSecretField } from "../parts/stripe-fields.tsx";
import { stripeHome } from "../parts/stripe-link.tsx";
import { guideHref, Ticks } from "./guide-page.tsx";

type Props = { connection: DescribedConnection | null; livemode: boolean; mayConnect: boolean };

export function ConnectStep(props: Props & { offer: ConnectOffer }) {
  const { connection, livemode, mayConnect, offer } = props;
  if (connection !== null) return <Connected connection={connection} />;
  if (!mayConnect)
    return <Notice tone="info">Somebody who may change connections has to do this step.</Notice>;
  return (
    <>
      {offer.ok ? <ConnectStripe offer={offer} next={guideHref("webhook")} /> : null}
      <Panel title={offer.ok ? "Or use an API key" : "Use an API key"}>
        <div class="pad">
          <KeyGuide livemode={livemode} />
        </div>
        <Form action={href("/connections/new")} button="Connect" problem={null}>
          <ConnectByKeyForm
            name="Stripe"
            byHand={false}
            next={guideHref("webhook")}
            livemode={livemode}
            problem={null}
          />
        </Form>
      </Panel>
    </>
  );
}

function Connected({ connection }: { connection: DescribedConnection }) {
  const { account, status, status_detail } = connection;
  return (
    <Panel title="Connected">
      <div class="pad">
        <Ticks
          ticks={[
            { words: `The account ${account.display_name ?? account.id}`, ok: true },
            { words: "Stripe takes the key", ok: status !== "error" },
            { words: "Stripe lets it take payments", ok: account.charges_enabled },
          ]}
        />
        {status === "error" ? (
          <Notice tone="bad">
            <p>{status_detail}</p>
            <p>
              <a class="button" href={connectionHref(connection.id, "key")}>
                Replace the key
              </a>
            </p>
          </Notice>
        ) : null}
      </div>
    </Panel>
  );
}

export function WebhookStep({ connection, livemode, mayConnect }: Props) {
  if (connection === null) return <Notice tone="info">Connect the account first.</Notice>;
  const { auth_type, webhook_secret_set, webhook_endpoint_id, status, status_detail } = connection;
  const isSet = webhook_secret_set || connection.thin_webhook_secret_set;
  if (isSet) {
    const isMade = webhook_endpoint_id !== null;
    const types = `${STRIPE_EVENT_TYPE_NAMES.length} event types`;
    return (
      <Panel title={isMade ? "Quittance made the event destination for you" : "The webhook is set up"}>
        <div class="pad">
          <Ticks
            ticks={[
              ...(isMade
                ? [
                    { words: `Event destination ${webhook_endpoint_id}`, ok: true },
                    { words: types, ok: true },
                    { words: `API version ${STRIPE_API_VERSION}`, ok: true },
                  ]
                : []),
              { words: "Signing secret", ok: true },
            ]}
          />
          <p class="muted">Whether it is the right secret, the next step shows.</p>
        </div>
      </Panel>
    );
  }
  if (auth_type === "oauth") return <Notice tone="warn">{status_detail}</Notice>;
  if (!mayConnect)
    return <Notice tone="info">Somebody who may change connections has to do this step.</Notice>;
  return (
    <>
      <Panel title="Have it made for you">
        <div class="pad">
          {status === "pending_webhook" && status_detail !== null ? (
            <p class="muted">{status_detail.split(" By hand:")[0]}</p>
          ) : null}
          <div class="actions">
            <a
              class="button primary"
              href={`${connectionHref(connection.id, "webhook")}?next=${encodeURIComponent(guideHref("webhook"))}`}
            >
              Make it for me
            </a>
          </div>
        </div>
      </Panel>
      <ByHand connection={connection} livemode={livemode} />
    </>
  );
}

/** In the words of Stripe's Workbench. */
function ByHand({ connection, livemode }: { connection: DescribedConnection; livemode: boolean }) {
  const { id, webhook_url, account } = connection;
  const workbench = `${stripeHome({ accountId: account.id, livemode })}/workbench/webhooks`;
  return (
    <Panel title="Or do it yourself">
      <ol class="pad by-hand">
        <li>
          Open{" "}
          <a href={workbench} target="_blank" rel="noopener noreferrer">
            Workbench → Webhooks
          </a>{" "}
          in Stripe's dashboard and choose <strong>Create new destination</strong> (or{" "}
          <strong>Add destination</strong>
          ).
        </li>
        <li>
          Events from <strong>Your account</strong>, API version:
          <CopyField label="API version" value={STRIPE_API_VERSION} />
        </li>
        <li>
          Select these events, then <strong>Continue</strong>:
          <details>
            <summary>{`${STRIPE_EVENT_TYPE_NAMES.length} event types`}</summary>
            <CopyBlock label="event types" text={STRIPE_EVENT_TYPE_NAMES.join("\n")} />
          </details>
        </li>
        <li>
          Destination type <strong>Webhook endpoint</strong>, then <strong>Continue</strong>. Endpoint URL:
          <CopyField label="endpoint URL" value={webhook_url ?? "PUBLIC_URL is not set"} />
        </li>
        <li>
          <strong>Create destination</strong>. On its page reveal the <strong>Signing secret</strong>, and
          paste it here.
        </li>
      </ol>
      <Form action={connectionHref(id, "signing-secret")} button="Save" problem={null}>
        <input type="hidden" name="next" value={guideHref("webhook")} />
        <SigningSecretField problem={null} />
      </Form>
    </Panel>
  );
}

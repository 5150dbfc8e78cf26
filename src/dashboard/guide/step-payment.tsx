// The guide's third step: a payment that is made, seen by Stripe's call and recorded. It waits for it live, and says in
// red where Stripe calls and the signature is wrong.

import type { DescribedConnection } from "../../connections/describe-connections.ts";
import type { LastArrivals } from "../../ledger/events/read-events.ts";
import type { InvoiceWithLink } from "../../ledger/invoices/read-invoices.ts";
import type { PaymentView } from "../../ledger/payments/read-payments.ts";
import { paymentUrl } from "../../platform/payment-url.ts";
import { newFormToken } from "../act.ts";
import { connectionLook } from "../connection-look.ts";
import { connectionHref, href, invoiceHref, refundHref } from "../hrefs.ts";
import { CopyField } from "../parts/copy.tsx";
import { LiveRegion } from "../parts/live-region.tsx";
import { moneyText } from "../parts/money.tsx";
import { Facts, Notice, Panel } from "../parts/panel.tsx";
import { ExactTime } from "../parts/time.tsx";
import { guideHref, Ticks } from "./guide-page.tsx";

type Props = {
  connection: DescribedConnection | null;
  arrivals: LastArrivals;
  /** The newest that this step made. */
  invoice: InvoiceWithLink | null;
  /** The newest that succeeded, whatever it pays. */
  paid: PaymentView | null;
  publicUrl: string | null;
  livemode: boolean;
  mayWrite: boolean;
  now: number;
};

export function PaymentStep(props: Props) {
  const { connection, arrivals, invoice, paid } = props;
  if (connection === null) return <Notice tone="info">Connect the account first.</Notice>;
  const isProven = paid !== null && arrivals.webhookAtMs !== null;
  return (
    <LiveRegion name="payment" pending={!isProven && invoice !== null}>
      <Refused connection={connection} />
      {isProven ? (
        <Proven {...props} paid={paid} webhookAtMs={arrivals.webhookAtMs ?? 0} />
      ) : (
        <Waiting {...props} />
      )}
    </LiveRegion>
  );
}

function Refused({ connection }: { connection: DescribedConnection }) {
  const { refused, auth_type } = connection;
  if (connectionLook(connection).tone !== "bad" || refused.count_24h === 0) return null;
  const times = refused.count_24h === 1 ? "once" : `${refused.count_24h} times`;
  const path = `${connectionHref(connection.id, "signing-secret")}?next=${encodeURIComponent(guideHref("payment"))}`;
  return (
    <div class="notice bad page-note" role="alert">
      <p class="notice-title">
        {refused.last_reason === "wrong_secret"
          ? `Stripe called ${times} and the signature did not match. The secret saved here is not this destination's.`
          : `Stripe called ${times} and was refused.`}
      </p>
      {auth_type === "oauth" ? null : (
        <p>
          <a class="button" href={path}>
            Replace signing secret
          </a>
        </p>
      )}
    </div>
  );
}

function Waiting(props: Props) {
  const { invoice, publicUrl, livemode, mayWrite } = props;
  if (invoice === null) {
    return (
      <Panel title={livemode ? "The smallest real payment" : "A test payment"}>
        <div class="pad">
          <p>
            {livemode
              ? "An invoice over the least that Stripe charges. You pay it with a card of your own, and give it back afterwards."
              : "An invoice over €1.00, which you pay with one of Stripe's test cards. No real money moves."}
          </p>
          {mayWrite ? (
            <MakeForm livemode={livemode} />
          ) : (
            <p class="muted">Somebody who may write has to make it.</p>
          )}
        </div>
      </Panel>
    );
  }
  const { number, status, amountDueMinor, currency, paymentToken } = invoice.invoice;
  const url = paymentUrl(publicUrl, paymentToken);
  const isReady = invoice.link?.status === "active";
  const amount = moneyText(amountDueMinor, currency);
  return (
    <Panel title={`Invoice ${number}`} more={<a href={invoiceHref(invoice.invoice.id)}>The invoice</a>}>
      <div class="pad">
        <Ticks
          ticks={[
            { words: `An invoice over ${amount}`, ok: true },
            { words: "Its payment link is made at Stripe", ok: isReady || status === "paid" },
            { words: "It is paid", ok: status === "paid" },
            {
              words: "Stripe called here, and the signature is right",
              ok: props.arrivals.webhookAtMs !== null,
            },
          ]}
        />
        {invoice.link?.error ? <Notice tone="bad">{invoice.link.error}</Notice> : null}
        {isReady && url !== null && status === "open" ? (
          <>
            <div class="actions">
              <a class="button primary" href={url} target="_blank" rel="noopener">
                {`Pay ${amount}`}
              </a>
            </div>
            {livemode ? null : <TestCards />}
          </>
        ) : null}
        {mayWrite && status !== "open" && status !== "paid" ? <MakeForm livemode={livemode} /> : null}
      </div>
    </Panel>
  );
}

function TestCards() {
  return (
    <Facts
      facts={[
        ["Card", <CopyField label="test card" value="4242 4242 4242 4242" />],
        ["Expiry and CVC", "any date to come, any three digits"],
      ]}
    />
  );
}

function MakeForm({ livemode }: { livemode: boolean }) {
  return (
    <form method="post" action={guideHref("payment")}>
      <input type="hidden" name="token" value={newFormToken()} />
      <button class="primary" type="submit">
        {livemode ? "Make the invoice" : "Make a €1.00 test payment"}
      </button>
    </form>
  );
}

function Proven({
  paid,
  webhookAtMs,
  livemode,
  mayWrite,
  now,
}: Props & { paid: PaymentView; webhookAtMs: number }) {
  const amount = moneyText(paid.amountMinor, paid.currency);
  const isGivenBack = paid.amountRefundedMinor >= paid.amountMinor;
  return (
    <Panel title="It works" more={<a href={href("/payments")}>All payments</a>}>
      <div class="pad">
        <Ticks
          ticks={[
            {
              words: (
                <>
                  {"Stripe called at "}
                  <ExactTime ms={webhookAtMs} now={now} />
                </>
              ),
              ok: true,
            },
            { words: "The signature is right", ok: true },
            { words: `${amount} were paid and recorded`, ok: true },
            ...(livemode || isGivenBack ? [{ words: `${amount} were given back`, ok: isGivenBack }] : []),
          ]}
        />
        {mayWrite && !isGivenBack ? (
          <p>
            <a class={livemode ? "button primary" : "button"} href={refundHref(paid.id)}>
              Give it back
            </a>
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

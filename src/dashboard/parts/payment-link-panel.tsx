// An invoice's payment link: its state in words, and the address to give to the payer.

import type { InvoiceWithLink, PaymentLinkRow } from "../../ledger/invoices/read-invoices.ts";
import { paymentUrl } from "../../platform/payment-url.ts";
import { href, safeHref } from "../hrefs.ts";
import { Icon } from "../layout/icon.tsx";
import { linkLook } from "../status-words.ts";
import { StatusBadge } from "./badge.tsx";
import { CopyField, CopyId } from "./copy.tsx";
import { Facts, Notice, Panel } from "./panel.tsx";
import { QrCode } from "./qr-code.tsx";
import { StripeId, StripeObject } from "./stripe-link.tsx";
import { Moment, Time } from "./time.tsx";

export function PaymentLinkPanel({
  invoice: { invoice, link },
  publicUrl,
  now,
}: {
  invoice: InvoiceWithLink;
  publicUrl: string | null;
  now: number;
}) {
  const payerUrl = paymentUrl(publicUrl, invoice.paymentToken);
  if (link === null) {
    return (
      <Panel title="Payment link">
        <div class="pad">
          {payerUrl === null ? null : <PayerAddress url={payerUrl} />}
          <p>
            {invoice.status === "draft"
              ? "A draft has none. It is made when the invoice is finalised."
              : "It has none."}
          </p>
        </div>
      </Panel>
    );
  }
  // Of one that works nothing is said: the page's head says how the invoice stands.
  const look = linkLook(link);
  return (
    <Panel title="Payment link">
      <div class="pad">
        {payerUrl === null ? null : <PayerAddress url={payerUrl} />}
        <p class="state">
          <StatusBadge look={look} /> {look.tone === "bad" ? <span>{look.means}</span> : null}
        </p>
        {link.error === null ? null : <Notice tone="bad">{link.error}</Notice>}
        {link.status === "pending" ? (
          <p class="muted">
            It shows here once it is made; without script, reload the page. If it takes longer than a minute,
            look at the <a href={href("/stuck-jobs")}>jobs</a>.
          </p>
        ) : null}
        <SwitchedOff link={link} now={now} />
        <Facts
          facts={[
            [
              "At Stripe",
              link.stripePaymentLinkId === null ? null : (
                <StripeObject id={link.stripePaymentLinkId} label="payment link" />
              ),
            ],
            ["Stripe's page", link.url === null ? null : <OwnAddress link={link} url={link.url} />],
            ["Asked for", <Time ms={link.createdAtMs} now={now} />],
          ]}
        />
      </div>
    </Panel>
  );
}

/** What to give to the payer: it stays true whatever becomes of the link. */
function PayerAddress({ url }: { url: string }) {
  return (
    <>
      <CopyField label="payment URL" value={url} />
      <div class="payer-address">
        <a href={url} target="_blank" rel="noopener noreferrer">
          Open as the payer sees it <Icon name="external" />
        </a>
        <details>
          <summary>QR code</summary>
          <QrCode text={url} label="The payment URL as a QR code" />
        </details>
      </div>
    </>
  );
}

function OwnAddress({ link, url }: { link: PaymentLinkRow; url: string }) {
  const target = safeHref(url);
  if (target === null || link.status !== "active") return <CopyId id={url} label="address at Stripe" />;
  return (
    <a class="clip" href={target} target="_blank" rel="noopener noreferrer">
      {url}
    </a>
  );
}

/** Links that were replaced, and whether Stripe has switched them off. */
export function EarlierLinks({ links, now }: { links: readonly PaymentLinkRow[]; now: number }) {
  if (links.length === 0) return null;
  return (
    <Panel title="Earlier links">
      <div class="pad">
        {links.map((link) => (
          <div class="earlier">
            <p class="state">
              <StatusBadge look={linkLook(link)} />{" "}
              {link.stripePaymentLinkId === null ? null : <StripeId id={link.stripePaymentLinkId} />}
            </p>
            <SwitchedOff link={link} now={now} />
          </div>
        ))}
      </div>
    </Panel>
  );
}

/** That a link takes no money any more is sure only once Stripe has confirmed it. */
function SwitchedOff({ link, now }: { link: PaymentLinkRow; now: number }) {
  if (link.deactivation === "failed") {
    return (
      <Notice tone="bad">
        <p class="notice-title">It could not be switched off at Stripe, so it may still be paid.</p>
        <p>{link.deactivationError ?? "Stripe said no more."}</p>
      </Notice>
    );
  }
  if (link.deactivation === "pending") {
    return <Notice tone="warn">Stripe is being asked to switch it off, and has not confirmed it yet.</Notice>;
  }
  if (link.deactivatedAtMs === null) return null;
  return (
    <p class="muted">
      Stripe confirmed that it is off: <Moment ms={link.deactivatedAtMs} now={now} />.
    </p>
  );
}

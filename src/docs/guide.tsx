// What holds for every call, before the calls themselves.

import { CopyBlock } from "../dashboard/parts/copy.tsx";

export const GUIDE = [
  { anchor: "start", title: "First call" },
  { anchor: "credentials", title: "Credentials" },
  { anchor: "amounts", title: "Amounts and times" },
  { anchor: "lists", title: "Lists" },
  { anchor: "idempotency", title: "Doing it once" },
] as const;

export function Guide({ origin }: { origin: string }) {
  return (
    <>
      <section>
        <h2 id="start">First call</h2>
        <p>
          JSON in and out, over <code>{origin}/api/v1</code>. Put an API key into the shell once; every
          example on this page then runs as it stands.
        </p>
        <CopyBlock label="the first call" text={firstCall(origin)} />
        <p>
          The same document for machines is at <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).
        </p>
      </section>
      <section>
        <h2 id="credentials">Credentials</h2>
        <p>
          <code>Authorization: Bearer qt_…</code>, or <code>x-api-key: qt_…</code>. A key belongs to one
          tenant and one environment, and to nothing else there is. Its role says what it may do:{" "}
          <strong>read</strong> gets; <strong>write</strong> also does, but for connections, keys, event
          destinations and the audit log; <strong>admin</strong> does all. <code>ROOT_TOKEN</code> makes
          tenants, environments and API keys, erases environments, and looks after the installation: its
          keyring, messages that nobody can read, and how each environment stands. It sees nothing of what a
          tenant has.
        </p>
        <p>
          A missing or wrong credential is 401, a role too low is 403. An object of another tenant or
          environment is 404, the same as one that does not exist.
        </p>
      </section>
      <section>
        <h2 id="amounts">Amounts and times</h2>
        <p>
          An amount is an integer in the currency's minor unit as Stripe counts it, beside{" "}
          <code>currency</code> and a string in the major unit: <code>12900</code>, <code>EUR</code>,{" "}
          <code>"129.00"</code>; <code>1500</code>, <code>JPY</code>, <code>"1500"</code>. Times are RFC 3339
          in UTC.
        </p>
      </section>
      <section>
        <h2 id="lists">Lists</h2>
        <p>
          Newest first. <code>limit</code> is 1 to 100 (default 20); while <code>has_more</code> is true, pass{" "}
          <code>next_cursor</code> as <code>cursor</code>, also after a page that a filter left short or
          empty. Unknown query parameters are refused.
        </p>
      </section>
      <section>
        <h2 id="idempotency">Doing it once</h2>
        <p>
          Send an <code>Idempotency-Key</code> with each POST. The same key and body replay the first answer
          for 24 hours, with the header <code>idempotent-replayed: true</code>; the same key with another body
          is 422.
        </p>
      </section>
    </>
  );
}

function firstCall(origin: string): string {
  return [
    `export QUITTANCE_KEY=qt_…`,
    `curl "${origin}/api/v1/invoices" \\`,
    `  -H "Authorization: Bearer $QUITTANCE_KEY"`,
  ].join("\n");
}

// Asks a deployed Quittance whether it does the main job, with a Stripe account in test mode: a tenant of its
// own, a connection set up by one paste, an invoice and its payment link. By hand only:
//   QUITTANCE_URL=https://… ROOT_TOKEN=… STRIPE_SECRET_KEY=sk_test_… npm run check:deployment
// Then pay where it says, with 4242 4242 4242 4242: it waits, and says when the invoice is paid.

const {
  QUITTANCE_URL: origin = "",
  ROOT_TOKEN: rootToken = "",
  STRIPE_SECRET_KEY: secretKey = "",
} = process.env;
if (!URL.canParse(origin) || rootToken === "" || !/^(sk|rk)_test_/.test(secretKey)) {
  console.error("Set QUITTANCE_URL, ROOT_TOKEN and STRIPE_SECRET_KEY (of test mode).");
  process.exit(2);
}
type Answer = Record<string, unknown> & { id: string; key: string; status: string };
const PAY_WITHIN_MS = 10 * 60 * 1000;

const ready = await fetch(new URL("/readyz", origin), { headers: { authorization: `Bearer ${rootToken}` } });
console.log(JSON.stringify(await ready.json(), null, 2));
if (!ready.ok) throw new Error("It is not ready: see the checks above.");

const name = `check ${new Date().toISOString()}`;
const tenant = await call(rootToken, "POST", "/tenants", { name });
const environments = `/tenants/${tenant.id}/environments`;
const environment = await call(rootToken, "POST", environments, { name: "check", livemode: false });
const { key } = await call(rootToken, "POST", `${environments}/${environment.id}/api_keys`, {
  name,
  role: "admin",
});
console.log(`✓ tenant ${tenant.id}, environment ${environment.id}`);

const connection = await call(key, "POST", "/connections", {
  name,
  provider: "stripe",
  secret_key: secretKey,
});
console.log(`✓ connection ${connection.id}: ${connection.status} ${connection.status_detail ?? ""}`);
try {
  console.log(
    JSON.stringify((await call(key, "POST", `/connections/${connection.id}/test`)).checks, null, 2),
  );
  const customer = await call(key, "POST", "/customers", { name: "Check" });
  const invoice = await call(key, "POST", "/invoices", {
    customer_id: customer.id,
    currency: "EUR",
    lines: [{ description: "Check of Quittance", quantity: 1, unit_amount: 12900 }],
    finalize: true,
  });
  const linked = await until(key, invoice.id, (seen) => linkOf(seen)?.status === "active");
  console.log(
    `✓ payment link: ${linked.payment_url}\n  Pay there with 4242 4242 4242 4242 within ten minutes.`,
  );
  await until(key, invoice.id, (seen) => seen.status === "paid");
  console.log("✓ the invoice is paid");
} finally {
  const gone = await call(key, "DELETE", `/connections/${connection.id}`);
  console.log(`✓ disconnected; not undone at Stripe: ${JSON.stringify(gone.not_undone)}`);
}

function linkOf(invoice: Answer): { status: string } | null {
  return invoice.payment_link as { status: string } | null;
}

async function until(key: string, invoiceId: string, isRight: (seen: Answer) => boolean): Promise<Answer> {
  for (const end = Date.now() + PAY_WITHIN_MS; Date.now() < end; ) {
    const seen = await call(key, "GET", `/invoices/${invoiceId}`);
    if (isRight(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  throw new Error(`The invoice ${invoiceId} did not come so far in ten minutes.`);
}

async function call(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(new URL(`/api/v1${path}`, origin), {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.detail}`);
  return answer;
}

export {};

// Pays as a browser does: opens the payment URL, follows to Stripe's page, fills in that page's own form, posts it to
// where the form says, and reads what the next page says.

export const CARD = "4242 4242 4242 4242";

const TYPED: Record<string, string> = {
  email: "ada@example.com",
  card_expiry: "12 / 40",
  card_cvc: "123",
  name: "Ada Lovelace",
};

/** Returns the heading of the page that the payer sees at last. @throws Error when the page does not thank */
export async function payInBrowser(paymentUrl: string): Promise<string> {
  const { action, fields } = await fillIn(paymentUrl, CARD);
  const after = await open(action, fields);
  const heading = headingOf(after.html);
  const wrong = /role="alert">(.*?)</s.exec(after.html)?.[1] ?? heading;
  if (!/thank/i.test(after.html)) throw new Error(`The payment page says: ${wrong}`);
  return heading;
}

/** Pays a checkout session. Returns where the payer is sent then. @throws Error when that is nowhere */
export async function checkOutInBrowser(sessionUrl: string, card: string): Promise<string> {
  const { action, fields } = await fillIn(sessionUrl, card);
  const response = await fetch(action, { method: "POST", body: fields, redirect: "manual" });
  const next = response.headers.get("location");
  if (next === null) throw new Error(`The payment page says: ${headingOf(await response.text())}`);
  return next;
}

async function fillIn(url: string, card: string): Promise<{ action: string; fields: URLSearchParams }> {
  const page = await open(url);
  const { action, fields } = readForm(page.html);
  const typed = { ...TYPED, card_number: card };
  for (const [name, value] of Object.entries(typed)) if (fields.has(name)) fields.set(name, value);
  return { action: new URL(action, page.url).href, fields };
}

/** What the page at an address says first. @throws Error when it says nothing */
export async function readHeading(url: string): Promise<string> {
  const heading = headingOf((await open(url)).html);
  if (heading === "") throw new Error(`There is no page at ${url}.`);
  return heading;
}

function headingOf(html: string): string {
  return /<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1]?.trim() ?? "";
}

async function open(url: string, form?: URLSearchParams): Promise<{ url: string; html: string }> {
  const response = await fetch(url, form && { method: "POST", body: form });
  return { url: response.url, html: await response.text() };
}

function readForm(html: string): { action: string; fields: URLSearchParams } {
  const [, attributes = "", content = ""] = /<form([^>]*)>(.*?)<\/form>/s.exec(html) ?? [];
  const action = attribute(attributes, "action");
  if (action === null || attribute(attributes, "method") !== "post")
    throw new Error("There is no form to pay with.");
  const fields = new URLSearchParams();
  for (const [input] of content.matchAll(/<input[^>]*>/g)) {
    const name = attribute(input, "name");
    const chosen = attribute(input, "type") !== "radio" || /\schecked[\s>]/.test(input);
    if (name !== null && chosen) fields.set(name, attribute(input, "value") ?? "");
  }
  return { action, fields };
}

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? null : value.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

// Pages that stand in no list of routes: mails as they are read, and what Stripe's own pages say once a payment is made,
// a session has expired or a link is used up.

import { dataOf, type Quittance } from "../../client/index.ts";
import { createStripeFactory } from "../../src/platform/stripe.ts";
import type { Stack } from "../demo/start-stack.ts";

export type MailPage = { subject: string | null; html: string };

/** One of each kind, as mail programs get it. */
export async function findMails(quittance: Quittance): Promise<MailPage[]> {
  const { data } = await dataOf(quittance.GET("/api/v1/mails", { params: { query: { limit: 100 } } }));
  const sent = data.filter(({ status }) => status === "sent" || status === "bounced");
  const firsts = new Map(sent.map(({ kind, id }) => [kind, id]));
  return Promise.all(
    [...firsts.values()].map(async (id) => {
      const params = { path: { id } };
      const { subject, html } = await dataOf(quittance.GET("/api/v1/mails/{id}", { params }));
      return { subject, html: html ?? "" };
    }),
  );
}

/** `ended`: what thanks for a payment. `gone`: what says that nothing can be paid there any more. */
export async function findHostedPages(
  { sandbox }: Stack,
  secretKey: string,
): Promise<Record<"ended" | "gone", string[]>> {
  const stripe = createStripeFactory(sandbox)(secretKey);
  const { data: sessions } = await stripe.checkout.sessions.list({ limit: 100 });
  const { data: links } = await stripe.paymentLinks.list({ active: false, limit: 1 });
  const firsts = new Map(sessions.map((session) => [`${session.mode} ${session.status}`, session]));
  const pagesOf = (status: string) =>
    [...firsts.values()].filter((one) => one.status === status).map(({ id }) => `${sandbox}/c/${id}`);
  return { ended: pagesOf("complete"), gone: [...pagesOf("expired"), ...links.map(({ url }) => url)] };
}

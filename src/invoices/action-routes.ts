// Doors of what is done to an invoice by name: each may be called again, and then answers it as it is.

import { createRoute } from "@hono/zod-openapi";
import { access } from "../directory/access.ts";
import { ledgerOf } from "../http/app-env.ts";
import { idParams } from "../http/fields.ts";
import { idempotent } from "../http/idempotency.ts";
import { answers, BY_API_KEY, createRouter, jsonBody } from "../http/router.ts";
import { mailSchema, toMail } from "../mail/schema.ts";
import { secondWayBody } from "./request-schema.ts";
import { invoiceSchema, toInvoice } from "./schema.ts";

const action = {
  security: BY_API_KEY,
  tags: ["Invoices"],
  middleware: [access("write"), idempotent],
  method: "post" as const,
  request: { params: idParams },
  responses: answers(200, invoiceSchema, "The invoice"),
};

// Called without a body it means no.
const forceBody = { ...jsonBody(secondWayBody), required: false };

export const invoiceActionRoutes = createRouter()
  .openapi(
    createRoute({
      ...action,
      path: "/invoices/{id}/finalize",
      summary: "Finalise a draft; its payment link is made by the queue",
    }),
    async (c) => {
      const done = await ledgerOf(c).finalizeInvoice(c.req.valid("param"));
      return c.json(toInvoice(done, c.get("deps")), 200);
    },
  )
  .openapi(
    createRoute({
      ...action,
      path: "/invoices/{id}/void",
      summary: "Void an open or uncollectible invoice; its link is switched off by the queue",
    }),
    async (c) => {
      const done = await ledgerOf(c).voidInvoice(c.req.valid("param"));
      return c.json(toInvoice(done, c.get("deps")), 200);
    },
  )
  .openapi(
    createRoute({
      ...action,
      path: "/invoices/{id}/mark_uncollectible",
      summary: "Mark an open invoice as uncollectible; its link is switched off by the queue",
    }),
    async (c) => {
      const done = await ledgerOf(c).markUncollectible(c.req.valid("param"));
      return c.json(toInvoice(done, c.get("deps")), 200);
    },
  )
  .openapi(
    createRoute({
      ...action,
      path: "/invoices/{id}/reopen",
      summary: "Open an uncollectible invoice again; a link for what is left is made by the queue",
    }),
    async (c) => {
      const done = await ledgerOf(c).reopenInvoice(c.req.valid("param"));
      return c.json(toInvoice(done, c.get("deps")), 200);
    },
  )
  .openapi(
    createRoute({
      ...action,
      path: "/invoices/{id}/payment_link",
      summary:
        "A new link in place of an open invoice's present one, which is switched off; also retries a link that failed",
      request: { params: idParams, body: forceBody },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const done = await ledgerOf(c).replacePaymentLink({ id, force: c.req.valid("json").force });
      return c.json(toInvoice(done, c.get("deps")), 200);
    },
  )
  .openapi(
    createRoute({
      ...action,
      path: "/invoices/{id}/send",
      summary: "Mail an open invoice's payment link to its customer, again",
      request: { params: idParams, body: forceBody },
      responses: answers(202, mailSchema, "The mail, about to be sent"),
    }),
    async (c) => {
      const call = c.req.header("idempotency-key") ?? c.get("requestId");
      const { id: invoiceId } = c.req.valid("param");
      const { force } = c.req.valid("json");
      const mail = await ledgerOf(c).requestMail({ invoiceId, call, force });
      return c.json(toMail(mail), 202);
    },
  )
  .openapi(
    createRoute({
      ...action,
      tags: ["Mails"],
      path: "/mails/{id}/resend",
      summary: "Send a mail again: what it was about, as that is now, to the customer's present address",
      description:
        "Also where mail did not reach the address before, and then everything that is held for it goes out as well. A mail that is held is answered itself; of any other a new one is made.",
      request: { params: idParams, body: forceBody },
      responses: answers(202, mailSchema, "The mail, about to be sent"),
    }),
    async (c) => {
      const call = c.req.header("idempotency-key") ?? c.get("requestId");
      const { id } = c.req.valid("param");
      const { force } = c.req.valid("json");
      const mail = await ledgerOf(c).resendMail({ id, call, force });
      return c.json(toMail(mail), 202);
    },
  );

// Doors of the mails to customers. Those that send one again are the invoices': they know what it is about.

import { access } from "../directory/access.ts";
import { ledgerOf } from "../http/app-env.ts";
import { byCreation, SEARCHED_LIST } from "../http/list.ts";
import { getRoute, listRoute } from "../http/read-routes.ts";
import { BY_API_KEY, createRouter } from "../http/router.ts";
import * as schema from "./schema.ts";

const reading = { security: BY_API_KEY, tags: ["Mails"], middleware: [access("read")] };

export const mailRoutes = createRouter()
  .openapi(
    ...listRoute({
      ...reading,
      path: "/mails",
      summary: "List mails to customers",
      description: SEARCHED_LIST,
      answer: "Mails, newest first",
      query: schema.listMailsQuery,
      item: schema.mailSchema,
      list: (c, { query, page }) => ledgerOf(c).listMails({ filter: schema.toMailFilter(query), page }),
      toItem: schema.toMail,
      positionOf: byCreation,
    }),
  )
  .openapi(
    ...getRoute({
      ...reading,
      path: "/mails/{id}",
      summary: "Get a mail with its content",
      answer: "The mail",
      object: "mail",
      item: schema.mailDetailSchema,
      find: (c, id) => ledgerOf(c).readMail({ id }),
      toItem: schema.toMailDetail,
    }),
  );

// A product that sells two plans and a workshop through Quittance: a client of its API, and a receiver of its
// messages. Who is signed in is the product's own affair; here it is always the same user.

import { Hono } from "hono";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { QuittanceError } from "../../../client/index.ts";
import type { AccessBook } from "./access.ts";
import { findPlan, PRODUCT } from "./catalogue.ts";
import * as pages from "./pages.ts";
import type { CheckoutSession, Quittance } from "./quittance.ts";
import { receive } from "./receive.ts";

export type User = { id: string; name: string; email: string };

/** @param settings.origin where the product is reached @param settings.hookSecret of its event destination */
export function createSaasApp(settings: {
  origin: string;
  hookSecret: string;
  user: User;
  quittance: Quittance;
  access: AccessBook;
}): Hono {
  const { origin, user, quittance, access } = settings;
  const app = new Hono();
  app.post("/hooks/quittance", (c) => receive(c.req.raw, settings.hookSecret, { access, quittance }));
  app.use(csrf({ origin }));

  app.get("/", (c) => c.html(pages.pricingPage()));
  app.post("/subscribe", async (c) => {
    const { plan: name, once } = await c.req.parseBody();
    const plan = findPlan(name);
    if (!plan) return c.html(pages.problemPage("No such plan", "Choose one of the two."), 400);
    if (access.of(user.id).plan) return c.redirect("/account", 303);
    return c.redirect(await sell("subscription", plan.name, String(once)), 303);
  });
  app.post("/checkout", async (c) => {
    const { once } = await c.req.parseBody();
    return c.redirect(await sell("payment", PRODUCT.name, String(once)), 303);
  });
  app.get("/thanks", async (c) => {
    const session = await sessionOf(c.req.query("session") ?? "");
    if (!session) return c.html(pages.problemPage("Nothing here", "This checkout is none of yours."), 404);
    return c.html(pages.thanksPage(session));
  });
  app.get("/account", (c) => c.html(pages.accountPage(access.of(user.id))));
  app.post("/portal", async (c) => {
    await quittance.ensureCustomer(user);
    const { url } = await quittance.createPortal(user.id, `${origin}/account`);
    return c.redirect(url, 303);
  });
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    if (!(error instanceof QuittanceError)) throw error;
    return c.html(pages.problemPage("That did not work", error.message), 502);
  });
  return app;

  /** The address of Stripe's page for one price, by its name. */
  async function sell(mode: "payment" | "subscription", price: string, once: string): Promise<string> {
    await quittance.ensureCustomer(user);
    const urls = { success: `${origin}/thanks?session={CHECKOUT_SESSION_ID}`, cancel: `${origin}/` };
    const made = await quittance.createCheckout({ mode, price, customerId: user.id }, urls, `sale-${once}`);
    return made.url ?? `${origin}/`;
  }

  /** What Quittance says of a session, where it is the user's own. */
  async function sessionOf(id: string): Promise<CheckoutSession | null> {
    try {
      const session = await quittance.getCheckout(id);
      return session.customer_id === user.id ? session : null;
    } catch (error) {
      if (error instanceof QuittanceError && error.status === 404) return null;
      throw error;
    }
  }
}

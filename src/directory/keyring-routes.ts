// Doors of the keyring, for root: what lies under each key, and moving it all to the first.

import { createRoute } from "@hono/zod-openapi";
import { answers, BY_ROOT, createRouter } from "../http/router.ts";
import { access } from "./access.ts";
import { keyringSchema, resealSchema, toKeyring, toReseal } from "./keyring-schema.ts";
import { noteSealingKey, readKeyringUse } from "./keyring-use.ts";
import { RESEAL_AT_ONCE, resealSecrets } from "./reseal-secrets.ts";

const common = { security: BY_ROOT, tags: ["Keyring"], middleware: [access("root")] };

export const keyringRoutes = createRouter()
  .openapi(
    createRoute({
      ...common,
      method: "get",
      path: "/keyring",
      summary: "How many secrets lie under each key of ENCRYPTION_KEYS",
      responses: answers(
        200,
        keyringSchema,
        "Every key, in the order of ENCRYPTION_KEYS, and ids that are gone",
      ),
    }),
    async (c) => {
      await noteSealingKey(c.get("deps"));
      return c.json(toKeyring(await readKeyringUse(c.get("deps"))), 200);
    },
  )
  .openapi(
    createRoute({
      ...common,
      method: "post",
      path: "/keyring/reseal",
      summary: "Move secrets to the first key: at most a thousand or so a call",
      description: "Cron does the same, a hundred or so a minute. Repeating it does no harm.",
      responses: answers(200, resealSchema, "What was moved and what is left"),
    }),
    async (c) => c.json(toReseal(await resealSecrets(c.get("deps"), RESEAL_AT_ONCE)), 200),
  );

// Setup intents: what a session in setup mode leaves.

import { noSuch } from "../errors.ts";
import { route } from "../routes.ts";

export const setupIntentRoutes = [
  route("GET", "/v1/setup_intents/:id", "setup_intent", {}, ({ account, id }) => {
    const intent = account.setupIntents[id];
    if (!intent) throw noSuch("setup_intent", id, "intent");
    return intent;
  }),
];

// The account behind a key: what a product shows of a connection, and checks a key with.

import { maskKey } from "../authenticate.ts";
import { forbidden } from "../errors.ts";
import { route } from "../routes.ts";

export const accountRoutes = [
  route("GET", "/v1/account", "accounts_kyc_basic", {}, ({ account }) => account.account),
  route(
    "GET",
    "/v1/accounts/:id",
    "accounts_kyc_basic",
    {},
    ({ context, account, accountId, caller, id }) => {
      if (id === accountId) return account.account;
      const connected = context.world.oauthGrants[id] === accountId ? context.world.accounts[id] : undefined;
      if (connected) return connected.account;
      throw forbidden(
        `The provided key '${maskKey(caller.apiKey)}' does not have access to account '${id}' (or that account ` +
          "does not exist). Application access may have been revoked.",
        "account_invalid",
      );
    },
  ),
];

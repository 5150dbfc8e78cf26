// The provider that the settings name.

import type { Deps } from "../platform/deps.ts";
import type { MailProvider } from "./mail-provider.ts";
import { cloudflareProvider } from "./providers/cloudflare.ts";
import { developmentProvider } from "./providers/development.ts";
import { postmarkProvider } from "./providers/postmark.ts";
import { resendProvider } from "./providers/resend.ts";

/** Null where mails are off. */
export function chooseProvider(deps: Pick<Deps, "config" | "emailBinding">): MailProvider | null {
  const { email } = deps.config;
  switch (email?.provider) {
    case "cloudflare":
      return deps.emailBinding && cloudflareProvider(deps.emailBinding);
    case "resend":
      return resendProvider(email.apiKey);
    case "postmark":
      return postmarkProvider(email.serverToken);
    case "development":
      return developmentProvider;
    case undefined:
      return null;
  }
}

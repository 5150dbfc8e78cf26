// For development: nothing leaves. The mail is in the database like any other, and the dashboard shows it.

import type { MailProvider } from "../mail-provider.ts";

export const developmentProvider: MailProvider = {
  name: "development",
  tellsRepeats: true,
  send: async () => ({ outcome: "sent", messageId: null }),
};

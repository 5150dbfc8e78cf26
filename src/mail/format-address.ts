// An address with its name as a mail header has it (RFC 5322). Pure.

import type { EmailAddress } from "../platform/email-config.ts";
import { oneLine } from "./plain-text.ts";

/** `"Acme, Inc." <billing@example.com>`; a name cannot add a header or a second address. */
export function formatAddress({ email, name }: EmailAddress): string {
  const clean = name === null ? "" : oneLine(name).replace(/["\\<>]/g, "");
  return clean === "" ? email : `"${clean}" <${email}>`;
}

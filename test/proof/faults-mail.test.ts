import { beforeAll, describe, expect, test } from "vitest";
import { type Case, proveSeam } from "./faults-cases.ts";
import type { Seam, Trouble } from "./faults-plan.ts";
import { type End, MINUTES, proveEach } from "./faults-proof.ts";
import { createStage, linkStory, paidStory, type Story } from "./faults-stories.ts";

const CASES: Case[] = [
  { what: "Resend is given the mail with a link", story: linkStory, parts: ["jobs"], least: 1 },
  { what: "Resend is given a receipt", story: paidStory, parts: ["jobs"], least: 1 },
];

const SAID = {
  rate_limit: "it answers 429 with Retry-After",
  server_error: "it answers 500",
  timeout: "it takes the mail and does not answer in time",
  cut_before: "it cuts the connection before it has taken the mail",
  cut_after: "it cuts the connection after it has taken the mail",
};

proveSeam("mail", CASES, SAID, { words: "the isolate dies around the call", sample: 1 });

describe.each([
  { what: "a link", make: linkStory },
  { what: "a receipt", make: paidStory },
])("a provider without keys (Postmark) is given the mail with $what", ({ make }) => {
  let story: Story;
  beforeAll(async () => {
    story = await make(await createStage());
  });

  const dying: Trouble[] = ["dies_before", "dies_after"];
  // Once the mail may have been taken nothing is asked of the directory.
  const seams: [Seam, Trouble[], string[]][] = [
    ["mail", [...(Object.keys(SAID) as Trouble[]), ...dying], ["sent", "unknown"]],
    ["d1", ["throws_before", "throws_after"], ["sent"]],
    ["d1", dying, ["sent"]],
    ["ledger", ["throws_before", "throws_after"], ["sent", "unknown"]],
    ["ledger", dying, ["sent", "unknown"]],
  ];
  test.for(seams)(
    `%s goes wrong by %j at each passage: it comes once or is called unknown, never twice, within ${MINUTES} minutes`,
    { timeout: 300_000 },
    async ([seam, troubles, ends]) => {
      const run = { mailProvider: "postmark" as const };
      const statuses = new Set<unknown>();
      const judge = (end: End, expected: End) => {
        for (const { status } of judgeMails(end)) statuses.add(status);
        const ofMails = { mails: null, inboxes: null, invoice_timeline: null };
        expect({ ...end, ...ofMails }).toEqual({ ...expected, ...ofMails });
      };
      await proveEach(story, { seam, parts: ["jobs"], troubles, run, judge });
      expect([...statuses].sort()).toEqual(ends);
    },
  );
});

type MailRow = { status: string; recipient: string; subject: string };
type InInbox = { to: string; subject: string };

/** Nobody has a mail twice, and whoever has none is not said to have got it. */
function judgeMails(end: End): MailRow[] {
  const name = (to: string, subject: string) => `${to}: ${subject}`;
  const came = (end.inboxes as InInbox[]).map(({ to, subject }) => name(to, subject));
  expect(came).toEqual([...new Set(came)]);
  const mails = end.mails as MailRow[];
  for (const { status, recipient, subject } of mails) {
    expect(["sent", "unknown"]).toContain(status);
    if (status === "sent") expect(came).toContain(name(recipient, subject));
  }
  return mails;
}

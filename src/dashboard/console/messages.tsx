// Messages of the queues that could not be read. They name no environment whose dashboard would show them.

import {
  dismissUnreadable,
  findUnreadable,
  listUnreadable,
  type UnreadableMessage,
  type UnreadableSummary,
} from "../../directory/unreadable-messages.ts";
import { byCreation, pageQuery } from "../../http/list.ts";
import { notFound } from "../../platform/app-error.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { CopyBlock, CopyId } from "../parts/copy.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Facts, Notice, PageHead, Panel } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { ExactTime, Time } from "../parts/time.tsx";
import { readList } from "../read-list.ts";
import { messageHref } from "./console-hrefs.ts";
import { renderConsole } from "./console-page.tsx";

const PATH = "/console/messages";

export async function showMessages(c: DashboardContext) {
  const deps = c.get("deps");
  const list = await readList(c, pageQuery, (_, page) => listUnreadable(deps, page), byCreation);
  return renderConsole(
    c,
    { title: "Messages", place: "Messages" },
    <ListPage
      title="Messages that could not be read"
      note="Of the queues. They are kept until they are dismissed."
      said={<PageNote c={c} />}
      path={PATH}
      list={list}
      table={(rows) => <Messages rows={rows} now={deps.now()} />}
      none={{
        title: "None.",
        words: <p>What another version of the Worker has sent, and what was damaged, shows here.</p>,
      }}
    />,
  );
}

function Messages({ rows, now }: { rows: readonly UnreadableSummary[]; now: number }) {
  return (
    <Table
      caption="Messages"
      rows={rows}
      columns={[
        {
          head: "Why",
          cell: ({ id, error }) => (
            <a href={messageHref(id)} class="plain">
              {error}
            </a>
          ),
        },
        { head: "Queue", cell: ({ queue }) => <code class="clip">{queue}</code> },
        { head: "Bytes", right: true, priority: 2, cell: (row) => row.sizeBytes.toLocaleString("en") },
        { head: "Came", isTime: true, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
      ]}
    />
  );
}

export async function showMessage(c: DashboardContext) {
  const message = await messageOf(c);
  return renderConsole(
    c,
    { title: "Message", place: "Messages" },
    <>
      <p class="crumb">
        <a href={PATH}>Messages</a>
      </p>
      <PageHead title="A message that could not be read" note={<CopyId id={message.id} />}>
        <a class="button danger" href={`${messageHref(message.id)}/dismiss`}>
          Dismiss…
        </a>
      </PageHead>
      <div class="columns">
        <Panel title="As it was in the queue">
          <div class="pad">
            <CopyBlock label="message" text={message.text} />
          </div>
        </Panel>
        <Panel title="About">
          <div class="pad">
            <Notice tone="bad">{message.error}</Notice>
            <Facts
              facts={[
                ["Queue", <code>{message.queue}</code>],
                ["Came", <ExactTime ms={message.createdAtMs} now={c.get("deps").now()} />],
              ]}
            />
            <p class="muted">
              Where another version of the Worker wrote it, what it asks for is done again by itself: work is
              kept in its ledger and enqueued anew, and Stripe sends events again. Then dismiss it.
            </p>
          </div>
        </Panel>
      </div>
    </>,
  );
}

export async function showMessageDismissal(c: DashboardContext) {
  const message = await messageOf(c);
  return renderConsole(
    c,
    { title: "Dismiss a message", place: "Messages" },
    <ConfirmPage
      crumb={{ words: "Message", href: messageHref(message.id) }}
      title="Dismiss this message"
      note={message.error}
      action={`${messageHref(message.id)}/dismiss`}
      button="Dismiss it"
      danger
      problem={null}
    >
      <li>It is taken away for good, with its text.</li>
      <li>The audit log keeps its id, its queue and why it could not be read.</li>
    </ConfirmPage>,
  );
}

export async function dismissMessage(c: DashboardContext) {
  await dismissUnreadable(c.get("deps"), pathId(c));
  return c.redirect(`${PATH}?done=message_dismissed`, 303);
}

async function messageOf(c: DashboardContext): Promise<UnreadableMessage> {
  const message = await findUnreadable(c.get("deps"), pathId(c));
  if (!message) throw notFound("dead message", pathId(c));
  return message;
}

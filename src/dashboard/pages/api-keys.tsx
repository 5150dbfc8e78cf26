// The environment's API keys: what each may do, from where, and when it was last used. No page shows one again.

import { type ApiKeyRow, listApiKeys } from "../../directory/api-key-store.ts";
import { isValidKey } from "../../directory/authenticate.ts";
import { RIGHT_WORDS, rightsOf, rightsOfRole } from "../../directory/key-rights.ts";
import { soughtField } from "../../http/fields.ts";
import { byCreation, pageQuery } from "../../http/list.ts";
import type { DashboardContext, Session } from "../dashboard-env.ts";
import { apiKeyHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { Badge } from "../parts/badge.tsx";
import { ByApi } from "../parts/by-api.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { None, Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { readList } from "../read-list.ts";
import { wordsOf } from "../status-words.ts";

const PATH = "/api-keys";
const keysQuery = pageQuery.extend({ id: soughtField.optional() });

export async function showApiKeys(c: DashboardContext) {
  const [deps, session] = [c.get("deps"), c.get("session")];
  const { scope } = session.principal;
  const list = await readList(c, keysQuery, ({ id }, page) => listApiKeys(deps, scope, page, id), byCreation);
  return renderPage(
    c,
    { title: "API keys", place: "API keys" },
    <>
      <ListPage
        title="API keys"
        note="With them your platform calls the API. Only the end of each is known here."
        actions={
          <a class="button primary" href={href(`${PATH}/new`)}>
            New key…
          </a>
        }
        said={
          <>
            <PageNote c={c} />
            {list.filters.id === undefined ? null : <a href={href(PATH)}>Show all keys</a>}
          </>
        }
        path={PATH}
        list={list}
        table={(rows) => <Keys rows={rows} session={session} now={deps.now()} />}
        none={{ title: "No API key.", words: <p>Make one for your platform.</p> }}
        noneFits={{ title: "There is no such key." }}
      />
      <ByApi
        calls={[
          { words: "This list", method: "GET", path: "/api_keys" },
          {
            words: "A new key that reads",
            method: "POST",
            path: "/api_keys",
            body: { name: "Reports", role: "read" },
          },
        ]}
      />
    </>,
  );
}

function Keys({ rows, session, now }: { rows: readonly ApiKeyRow[]; session: Session; now: number }) {
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (
    <Table
      caption="API keys"
      rows={rows}
      columns={[
        {
          head: "Name",
          cell: (row) => (
            <>
              {row.name}
              <span class="reason">
                <code>{row.keyHint}</code>{" "}
                {row.id === session.principal.keyId ? "you are signed in with" : null}
              </span>
            </>
          ),
        },
        { head: "State", tag: true, cell: (row) => <KeyState row={row} now={now} /> },
        { head: "May", cell: (row) => <KeyRights row={row} /> },
        {
          head: "Last used",
          isTime: true,
          priority: 2,
          cell: (row) => (row.lastUsedAtMs === null ? "Never" : <Time ms={row.lastUsedAtMs} now={now} />),
        },
        {
          head: "Expires",
          isTime: true,
          priority: 2,
          cell: (row) => (row.expiresAtMs === null ? "Never" : <Time ms={row.expiresAtMs} now={now} />),
        },
        {
          head: "Made by",
          priority: 3,
          cell: (row) =>
            row.parentId === null ? "The operator" : (names.get(row.parentId) ?? "Another key"),
        },
        {
          head: "What to do",
          cell: (row) =>
            row.revokedAtMs === null ? <a href={`${apiKeyHref(row.id)}/revoke`}>Revoke…</a> : <None />,
        },
      ]}
    />
  );
}

function KeyState({ row, now }: { row: ApiKeyRow; now: number }) {
  if (row.revokedAtMs !== null) return <Badge tone="idle">Revoked</Badge>;
  return isValidKey(row, now) ? <Badge tone="good">Active</Badge> : <Badge tone="warn">Expired</Badge>;
}

/** The role, what it was made without, and from where alone it may be used. */
function KeyRights({ row }: { row: ApiKeyRow }) {
  const theirs = rightsOf(row);
  const without = rightsOfRole(row.role).filter((right) => !theirs.includes(right));
  return (
    <>
      {wordsOf(row.role)}
      {without.length === 0 ? null : (
        <span class="reason">{`May not ${without.map((right) => RIGHT_WORDS[right]).join(", ")}.`}</span>
      )}
      {row.allowedAddresses === null ? null : (
        <span class="reason">{`Only from ${row.allowedAddresses.join(", ")}.`}</span>
      )}
    </>
  );
}

// Revokes an API key, once it was said which others end with it.

import { type ApiKeyRow, findApiKey, listOpenDescendants } from "../../directory/api-key-store.ts";
import { revokeApiKey } from "../../directory/manage-api-keys.ts";
import { notFound } from "../../platform/app-error.ts";
import { readForm } from "../act.ts";
import { type DashboardContext, pathId } from "../dashboard-env.ts";
import { apiKeyHref, href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { Time } from "../parts/time.tsx";
import { countWords, wordsOf } from "../status-words.ts";

const PATH = "/api-keys";

export async function showRevocation(c: DashboardContext) {
  const [deps, { principal }] = [c.get("deps"), c.get("session")];
  const id = pathId(c);
  const key = await findApiKey(deps, principal.scope, id);
  if (!key) throw notFound("API key", id);
  const tree = await listOpenDescendants(deps, principal.scope, id);
  const isRevoked = key.revokedAtMs !== null;
  const endsSession = [key, ...tree].some((one) => one.id === principal.keyId);
  return renderPage(
    c,
    { title: "Revoke an API key", place: "API keys" },
    <ConfirmPage
      crumb={{ words: "API keys", href: href(PATH) }}
      title={`Revoke ${key.name}`}
      note={<code>{key.keyHint}</code>}
      action={`${apiKeyHref(id)}/revoke`}
      button={
        isRevoked
          ? null
          : tree.length === 0
            ? "Revoke the key"
            : `Revoke ${countWords(tree.length + 1, "key")}`
      }
      danger
      problem={null}
    >
      {isRevoked ? (
        <li>It is revoked already.</li>
      ) : (
        <>
          <li>
            Calls with it are refused from the next request on. It cannot be taken back: whoever uses it needs
            another.
          </li>
          <li>
            {key.lastUsedAtMs === null ? (
              "It was never used."
            ) : (
              <>
                It was last used <Time ms={key.lastUsedAtMs} now={deps.now()} />.
              </>
            )}
          </li>
          {tree.length === 0 ? null : <Tree rows={tree} />}
          {endsSession ? <li>You are signed in with it: you will be signed out.</li> : null}
        </>
      )}
    </ConfirmPage>,
  );
}

export async function revoke(c: DashboardContext) {
  if ((await readForm(c)).get("confirm") !== "yes") return showRevocation(c);
  await revokeApiKey(c.get("deps"), c.get("session").principal.scope, pathId(c));
  return c.redirect(href(PATH, { done: "key_revoked" }), 303);
}

function Tree({ rows }: { rows: readonly ApiKeyRow[] }) {
  return (
    <li>
      {rows.length === 1
        ? "The key that it made ends with it:"
        : "The keys that it made, and they, end with it:"}
      <ul>
        {rows.map((row) => (
          <li>
            {row.name} <code>{row.keyHint}</code> ({wordsOf(row.role)})
          </li>
        ))}
      </ul>
    </li>
  );
}

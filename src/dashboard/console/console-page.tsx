// The frame of the console's pages.

import type { Child } from "hono/jsx";
import type { DashboardContext } from "../dashboard-env.ts";
import { renderDocument } from "../layout/document.tsx";
import { Frame } from "../layout/frame.tsx";
import { Brand } from "../layout/icon.tsx";

export const CONSOLE_PLACES = [{ name: "Health", path: "/console" }] as const;

export type ConsolePlace = (typeof CONSOLE_PLACES)[number]["name"];

export function renderConsole(c: DashboardContext, place: ConsolePlace, content: Child) {
  const children = <Frame side={<Side place={place} />}>{content}</Frame>;
  return c.html(
    renderDocument({ title: `${place} · Console`, nonce: c.get("secureHeadersNonce"), children }),
  );
}

function Side({ place }: { place: ConsolePlace }) {
  return (
    <>
      <Brand href="/console" />
      <nav class="nav" aria-label="Console">
        <ul>
          {CONSOLE_PLACES.map(({ name, path }) => (
            <li>
              <a href={path} aria-current={name === place ? "page" : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <form class="who" method="post" action="/console/sign-out">
        <p>
          <span class="key-name">Operator</span>
        </p>
        <button class="quiet small" type="submit">
          Sign out
        </button>
      </form>
    </>
  );
}

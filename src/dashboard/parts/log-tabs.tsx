// The two logs of an environment: what was done, and what befell its credentials.

import { href } from "../hrefs.ts";

const LOGS = [
  ["Audit log", "/audit-log"],
  ["Security log", "/security-log"],
] as const;

export function LogTabs({ present }: { present: (typeof LOGS)[number][0] }) {
  return (
    <nav class="tabs" aria-label="Logs">
      <ul>
        {LOGS.map(([name, path]) => (
          <li>
            <a href={href(path)} aria-current={name === present ? "page" : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

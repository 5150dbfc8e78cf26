// The way to a list's file, with the filters that are set.

import { href } from "../hrefs.ts";

/** @param name as the file is called: `payments` */
export function Download({ name, filters }: { name: string; filters: Record<string, string | undefined> }) {
  return (
    <a class="download" href={href(`/exports/${name}.csv`, filters)} download>
      Download CSV
    </a>
  );
}

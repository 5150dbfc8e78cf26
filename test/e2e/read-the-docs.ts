// The docs in a browser: Scalar runs under the page's own policy, asks nobody else for anything, and a link of the
// dashboard ends at its call.

import assert from "node:assert/strict";
import type { Scenario } from "./scenario.ts";

export const readTheDocs: Scenario = {
  title: "The API reference, in a browser that only trusts our own origin",
  async play(page, { worker: origin }) {
    const faults: string[] = [];
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !/^(?:data|blob):/.test(url)) faults.push(`asked ${url}`);
    });
    await page.goto(`${origin}/docs/calls/post-invoices-id-finalize`);
    await page
      .getByRole("heading", { name: /^Finalise a draft/ })
      .first()
      .waitFor();
    assert.match(page.url(), /#tag\/invoices\/POST\/api\/v1\/invoices\/(?:\{id\}|%7Bid%7D)\/finalize$/);
    await page.goto(`${origin}/docs?q=idempotency`);
    await page.getByRole("link", { name: "How calls go: Doing it once" }).click();
    await page.getByRole("heading", { name: "Doing it once", exact: true }).waitFor();
    assert.deepEqual(faults, []);
  },
};

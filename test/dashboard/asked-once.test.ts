// Every page of the dashboard asks its ledger once, for all that it and its frame show: the pages are the router's own.

import { beforeAll, expect, test } from "vitest";
import { type AccessWorld, ask, createAccessWorld, entriesOf } from "../access-world.ts";
import { ledgersAskedByPage } from "../harness/count-asked.ts";
import { signIn } from "./browse.ts";

let world: AccessWorld;
let cookie: string;
beforeAll(async () => {
  world = await createAccessWorld();
  cookie = await signIn(world.ours.keys.admin);
});

// Files are read in rounds, and the guide without a step leads to the next.
const NO_PAGES = /\.csv$|^GET \/dashboard\/guide$/;

const PAGES = entriesOf("dashboard", "dashboard-own", "dashboard-write", "dashboard-admin").filter(
  ([route]) => route.startsWith("GET ") && !NO_PAGES.test(route),
);

test.each(PAGES)("%s asks its ledger once", async (route, entry) => {
  let status = 0;
  const asked = await ledgersAskedByPage(async () => {
    ({ status } = await ask(world, route, entry, { cookie }));
  });
  expect([status, asked]).toEqual([200, 1]);
});

// However large the JSON is that is shown, its page holds the beginning of it and says how much there is.

import { expect, test } from "vitest";
import { JsonView } from "../../src/dashboard/parts/json-view.tsx";

const shown = async (json: string) => String(await JsonView({ json }).toString());
const SHOWN = 256 * 1024;
const BEGINNING = /This is the beginning of ([\d,]+) characters\. The API answers all of it\./;

test("of a large JSON the beginning is shown, with how many characters it has; of any other all of it", async () => {
  const large = JSON.stringify({ description: "x".repeat(400_000), last: "the end" });
  const page = await shown(large);
  expect(BEGINNING.exec(page)?.[1]).toBe(large.length.toLocaleString("en"));
  expect(page).not.toContain("the end");
  expect(page.length).toBeGreaterThan(SHOWN);
  expect(page.length).toBeLessThan(SHOWN + 1_000);

  const small = await shown(JSON.stringify({ description: "x".repeat(1_000), last: "the end" }));
  expect(small).not.toMatch(BEGINNING);
  expect(small).toContain("the end");
});

import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { choosePort } from "./ports.ts";

describe("the choice of a port", () => {
  it("is the wanted one when that is free", async () => {
    expect(await choosePort(8787, async () => true)).toBe(8787);
  });

  it("is the next free one when the wanted one is taken", async () => {
    expect(await choosePort(8787, async (port) => port > 8789)).toBe(8790);
  });

  it("gives up with the range in its words when all are taken", async () => {
    await expect(choosePort(8787, async () => false)).rejects.toThrow("8787 to 8836");
    await expect(choosePort(65_530, async () => false)).rejects.toThrow("65530 to 65535");
  });

  it.each(["127.0.0.1", "0.0.0.0", "::"])("sees that another program listens on %s", async (host) => {
    const other = createServer();
    other.listen(0, host);
    await once(other, "listening");
    const address = other.address();
    const taken = typeof address === "object" && address !== null ? address.port : 0;
    try {
      expect(await choosePort(taken)).toBeGreaterThan(taken);
    } finally {
      other.close();
    }
  });
});

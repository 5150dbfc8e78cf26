import fc from "fast-check";
import { expect, test } from "vitest";
import { mailAddressProblem } from "../../src/platform/mail-address.ts";

test.each([
  "ada@example.com",
  "a&b@example.com",
  "ada+invoices@example.com",
  "o'hara@example.co.uk",
  "first.last@sub.sub.example.museum",
  "!#$%&'*+/=?^_`{|}~-@example.com",
  "1@2.example",
  "ADA@EXAMPLE.COM",
  "ada@xn--bcher-kva.example",
  `${"a".repeat(64)}@example.com`,
  `ada@${"a".repeat(63)}.example`,
])("%s is an address", (address) => {
  expect(mailAddressProblem(address)).toBeNull();
});

test.each([
  "",
  "ada",
  "@example.com",
  "ada@",
  "ada@example",
  "ada@example.1",
  "ada@-example.com",
  "ada@exam_ple.com",
  "ada@example..com",
  "ada@example.com.",
  ".ada@example.com",
  "ada.@example.com",
  "a..b@example.com",
  "a b@example.com",
  "ada@exa mple.com",
  "ada@example.com, bob@example.com",
  "<ada@example.com>",
  "Ada <ada@example.com>",
  '"ada lovelace"@example.com',
  "ada(note)@example.com",
  "ada@[127.0.0.1]",
  "ada@bücher.example",
  "ädä@example.com",
  "ada@example.com\r\nBcc: eve@example.com",
  `${"a".repeat(65)}@example.com`,
  `ada@${"a".repeat(64)}.example`,
  `ada@${"a.".repeat(130)}example`,
])("%s is none, and a sentence says why", (address) => {
  expect(mailAddressProblem(address)).toMatch(/\.$/);
});

test("whatever fast-check's own addresses are, those without a quotation are taken", () => {
  fc.assert(
    fc.property(fc.emailAddress(), (address) => {
      expect(mailAddressProblem(address)).toBeNull();
    }),
  );
});

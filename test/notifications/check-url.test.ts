import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { checkUrl, isPublicAddress } from "../../src/notifications/check-url.ts";
import { readConfig, type Settings } from "../../src/platform/config.ts";
import settings from "../../wrangler.toml?raw";

const HOSTILE = [
  // Not https.
  "http://example.com/hook",
  "ftp://example.com/hook",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "data:text/plain,hello",
  "gopher://example.com:443/_x",
  "//example.com/hook",
  "example.com/hook",
  "https:example.com",
  "https:/example.com",
  "https:///example.com",
  "",
  // Loopback, in every spelling.
  "https://127.0.0.1/",
  "https://127.1/",
  "https://127.0.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.0.0.1/",
  "https://0177.0.0.1/",
  "https://017700000001/",
  "https://127.0.0.1./",
  "https://①②⑦.⓪.⓪.①/",
  "https://127。0。0。1/",
  "https://%31%32%37.0.0.1/",
  "https://[::1]/",
  "https://[0:0:0:0:0:0:0:1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[::127.0.0.1]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[64:ff9b:1::7f00:1]/",
  "https://[2002:7f00:1::]/",
  "https://[2001:0:53aa:64c:0:0:80ff:fffe]/",
  "https://[::ffff:0:127.0.0.1]/",
  "https://[2606:4700::5efe:7f00:1]/",
  "https://localhost/",
  "https://LOCALHOST/",
  "https://localhost./",
  "https://localhost%2e/",
  "https://api.localhost./",
  "https://ｌocalhost/",
  "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
  "https://loc\u00ADalhost/",
  "https://LocalHost:8443/",
  "https://api.localhost/",
  "https://localhost.localdomain/",
  // Private, shared, link-local and reserved networks; the metadata services of clouds.
  "https://0.0.0.0/",
  "https://0/",
  "https://10.0.0.1/",
  "https://10.1/",
  "https://172.16.0.1/",
  "https://172.31.255.254/",
  "https://192.168.1.1/",
  "https://0xc0a80101/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data/",
  "https://2852039166/latest/meta-data/",
  "https://0xa9fea9fe/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://[fd00:ec2::254]/",
  "https://192.0.0.192/",
  "https://192.0.2.1/",
  "https://198.18.0.1/",
  "https://198.51.100.7/",
  "https://203.0.113.9/",
  "https://224.0.0.1/",
  "https://240.0.0.1/",
  "https://255.255.255.255/",
  "https://[::]/",
  "https://[fe80::1]/",
  "https://[fec0::1]/",
  "https://[fc00::1]/",
  "https://[ff02::1]/",
  "https://[2001:db8::1]/",
  "https://[3fff::1]/",
  "https://[100::1]/",
  "https://100.100.100.200/latest/meta-data/",
  "https://168.63.129.16/machine",
  "https://192.0.0.9/",
  "https://192.0.0.170/",
  "https://192.31.196.1/",
  "https://192.52.193.1/",
  "https://192.88.99.1/",
  "https://192.175.48.1/",
  "https://3232235777/",
  "https://0300.0250.01.01/",
  "https://１９２.１６８.１.１/",
  "https://10.0.0.1:443/",
  "https://239.255.255.250/",
  "https://[::ffff:192.168.1.1]/",
  "https://[::ffff:0.0.0.0]/",
  "https://[64:ff9b::a9fe:a9fe]/",
  "https://[2002:a9fe:a9fe::]/",
  "https://[2001:2::1]/",
  "https://[2001:20::1]/",
  "https://[2001:4:112::1]/",
  "https://[2620:4f:8000::1]/",
  "https://[5f00::1]/",
  "https://[2a00:1450:4001:0:200:5efe:a00:1]/",
  "https://metadata.google.internal/computeMetadata/v1/",
  "https://metadata.google.internal./",
  "https://METADATA.GOOGLE.INTERNAL/",
  "https://metadata/",
  "https://instance-data/",
  // Names that are not on the public internet.
  "https://intranet/",
  "https://printer.local/",
  "https://printer。local/",
  "https://kubernetes.default.svc.cluster.local/",
  "https://router.lan/",
  "https://nas.home.arpa/",
  "https://vault.corp/",
  "https://db.internal/",
  "https://hidden.onion/",
  "https://1.0.0.127.in-addr.arpa/",
  "https://example.com./",
  // Other ports.
  "https://example.com:0/",
  "https://example.com:65536/",
  "https://example.com:443:80/",
  "https://example.com:22/",
  "https://example.com:80/",
  "https://example.com:6379/",
  "https://example.com:9200/",
  // Credentials and other tricks of spelling.
  "https://user@example.com/",
  "https://user:pass@example.com/",
  "https://example.com@127.0.0.1/",
  "https://example.com:443@127.0.0.1/",
  "https://example.com%40127.0.0.1/",
  "https://127.0.0.1%2f.example.com/",
  "https://example.com/\u202Egpj",
  "https://@example.com/",
  "https://127.0.0.1#@example.com/",
  "https://example.com/#fragment",
  "https://example.com\\@127.0.0.1/",
  "https:\\\\127.0.0.1\\",
  "https://exa mple.com/",
  "https://example.com/\r\nHost: localhost",
  "https://exam\tple.com/",
  " https://example.com/",
  "https://example.com\u0000.internal/",
  "https://exa\u200Bmple.com/",
  "https://[::1%25eth0]/",
  "https://1.2.3.4.5/",
  "https://256.256.256.256/",
  "https://-example.com/",
  "https://example..com/",
  `https://example.com/${"a".repeat(2000)}`,
];

const HARMLESS = [
  "https://example.com/hooks",
  "https://hooks.example.co.uk/a/b?token=1&x=%20",
  "https://example.com:443/",
  "https://example.com:8443/hooks",
  "HTTPS://Example.COM/Hooks",
  "https://xn--bcher-kva.example.com/",
  "https://bücher.example.com/",
  "https://a-b_c.example.com/",
  "https://8.8.8.8/hook",
  "https://[2606:4700:4700::1111]/hook",
  "https://example.com/@user",
  "https://local.example.com/",
  "https://localhost.example.com/",
];

test.each(HOSTILE)("%j is refused, with the reason", (url) => {
  const checked = checkUrl(url, false);
  expect(checked.ok).toBe(false);
  expect(checked.ok ? "" : checked.reason).toMatch(/^[A-Z].{10,}\.$/);
});

test("the list of hostile URLs is long enough, and no entry is there twice", () => {
  expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
  expect(HOSTILE.length).toBeGreaterThan(40);
});

test.each(HARMLESS)("%j is accepted", (url) => {
  expect(checkUrl(url, false)).toMatchObject({ ok: true });
});

test("a name of another script is kept as what is looked up, so that a look-alike shows what it is", () => {
  const lookAlike = checkUrl("https://exаmple.com/hook", false);
  expect(lookAlike).toMatchObject({ ok: true, url: "https://xn--exmple-4nf.com/hook" });
  const circled = checkUrl("https://ⓔⓧⓐⓜⓟⓛⓔ.com/", false);
  expect(circled).toMatchObject({ ok: true, url: "https://example.com/", host: { name: "example.com" } });
});

test("the runtime itself goes by the public internet alone, for the moment between check and connection", () => {
  expect(settings).toMatch(/^compatibility_flags = \[.*"global_fetch_strictly_public".*\]$/m);
});

test("plain http on a loopback address is accepted where private destinations are allowed, and nothing else is", () => {
  for (const url of ["http://127.0.0.1:4000/in", "http://localhost:4000/in", "http://[::1]:4000/in"]) {
    expect(checkUrl(url, true)).toMatchObject({ ok: true });
    expect(checkUrl(url, false)).toMatchObject({ ok: false });
  }
  for (const url of [
    "http://example.com/",
    "http://10.0.0.1/",
    "http://169.254.169.254/",
    "https://192.168.1.1/",
  ])
    expect(checkUrl(url, true)).toMatchObject({ ok: false });
});

test("private destinations are never allowed where strangers may reach us, and only by the word true", () => {
  const allowed = (settings: Settings) => {
    const read = readConfig({ ...env, PUBLIC_URL: "", ...settings });
    return read.ok && read.config.destinationsAllowPrivate;
  };
  expect(allowed({})).toBe(false);
  expect(allowed({ DESTINATIONS_ALLOW_PRIVATE: "true" })).toBe(true);
  expect(allowed({ DESTINATIONS_ALLOW_PRIVATE: "true", PUBLIC_URL: "http://localhost:8787" })).toBe(true);
  expect(allowed({ DESTINATIONS_ALLOW_PRIVATE: "true", PUBLIC_URL: "https://pay.example.com" })).toBe(false);
  expect(allowed({ PUBLIC_URL: "https://pay.example.com" })).toBe(false);
  expect(allowed({ DESTINATIONS_ALLOW_PRIVATE: "1" })).toBe(false);
});

test("an address that a resolver gave is public only if it is global unicast", () => {
  for (const address of ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
    expect(isPublicAddress(address)).toBe(true);
  for (const address of [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "::1",
    "::ffff:10.0.0.1",
    "fd00::1",
    "4000::1",
    "no address",
    "",
  ])
    expect(isPublicAddress(address)).toBe(false);
});

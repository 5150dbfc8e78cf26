// Colours, type and the bare elements. Each colour is named by its job and has its light and its dark value
// side by side; text meets 4.5:1 on the surfaces that it stands on (a test counts it).

export const COLOURS = {
  canvas: ["#f6f7f6", "#101312"],
  surface: ["#ffffff", "#171b1a"],
  sunken: ["#f1f3f2", "#1e2322"],
  line: ["#e0e4e2", "#2a302e"],
  "line-strong": ["#c4cbc8", "#404845"],
  text: ["#18201d", "#e6ebe9"],
  muted: ["#5a6661", "#97a39e"],
  accent: ["#0b6b55", "#58cba9"],
  "accent-ink": ["#ffffff", "#06231b"],
  "good-ink": ["#0b6b45", "#63d29b"],
  "good-bg": ["#e3f4eb", "#13301f"],
  "info-ink": ["#1f5fae", "#84b8f5"],
  "info-bg": ["#e6effa", "#152a43"],
  "warn-ink": ["#8a5300", "#e9b663"],
  "warn-bg": ["#fbf0dc", "#352710"],
  "bad-ink": ["#b3261e", "#f49a92"],
  "bad-bg": ["#fbe9e7", "#3b1b18"],
  "idle-ink": ["#56615c", "#a3aea9"],
  "idle-bg": ["#ebeeec", "#262c2a"],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

const variables = Object.entries(COLOURS).map(
  ([name, [light, dark]]) => `--${name}: light-dark(${light}, ${dark});`,
);

export const BASE = `
:root {
  color-scheme: light dark;
  ${variables.join("\n  ")}
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "Liberation Mono", Menlo, Consolas, monospace;
  --radius: 8px;
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--canvas);
  color: var(--text);
  font: 14px/1.5 var(--sans);
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, dl, dd, ul, ol, pre { margin: 0; }
h1 { font-size: 20px; line-height: 1.3; font-weight: 620; letter-spacing: -0.01em; }
h1 .mono { font-size: 18px; }
h2 { font-size: 14px; font-weight: 620; }
h3 { font-size: 13px; font-weight: 620; margin: 16px 0 8px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: 2px; }
code, pre, .mono { font-family: var(--mono); font-size: 12.5px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
[hidden] { display: none !important; }
button, input, select { font: inherit; color: inherit; }
button {
  border: 1px solid var(--line-strong);
  border-radius: 6px;
  background: var(--surface);
  padding: 4px 12px;
  cursor: pointer;
}
button:hover { background: var(--sunken); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); font-weight: 600; padding: 8px 14px; }
button.primary:hover { filter: brightness(1.08); }
input[type="text"], input[type="password"], input[type="datetime-local"], select {
  border: 1px solid var(--line-strong);
  border-radius: 6px;
  background: var(--surface);
  padding: 4px 8px;
  max-width: 100%;
}
input[aria-invalid="true"] { border-color: var(--bad-ink); }
.muted, .ago { color: var(--muted); }
.ago { white-space: nowrap; }
.attention { color: var(--bad-ink); }
.plain { color: inherit; }
.line { display: block; }
.prose { white-space: pre-line; }
summary { cursor: pointer; }
.bare { list-style: none; padding: 0; }
.unseen {
  position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0;
}
.skip { position: absolute; left: 8px; top: -60px; z-index: 9; background: var(--accent); color: var(--accent-ink); padding: 8px 14px; border-radius: 6px; }
.skip:focus { top: 8px; }
.icon { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.3; stroke-linecap: round; stroke-linejoin: round; flex: none; vertical-align: -3px; }
`;

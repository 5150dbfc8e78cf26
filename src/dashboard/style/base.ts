// Colours, type and the bare elements. Each colour is named by its job and has its light and its dark value
// side by side; text meets 4.5:1 on the surfaces that it stands on, and what is operated 3:1 (a test counts it).

export const COLOURS = {
  canvas: ["#f7f8f8", "#0f1211"],
  surface: ["#ffffff", "#161a19"],
  sunken: ["#eff2f1", "#1e2423"],
  line: ["#dfe4e2", "#2a312f"],
  control: ["#7d8a85", "#6f7c77"],
  text: ["#17201d", "#e8edeb"],
  muted: ["#56625d", "#9ba8a3"],
  accent: ["#0a6b54", "#5fd0ae"],
  "accent-ink": ["#ffffff", "#06231b"],
  "good-ink": ["#0b6b45", "#63d29b"],
  "good-bg": ["#e2f4ea", "#12301f"],
  "info-ink": ["#1d5ba8", "#84b8f5"],
  "info-bg": ["#e5effb", "#142a44"],
  "warn-ink": ["#855000", "#e9b663"],
  "warn-bg": ["#fcf0d9", "#352710"],
  "bad-ink": ["#b3261e", "#f49a92"],
  "bad-bg": ["#fbe8e6", "#3c1b18"],
  "idle-ink": ["#53605a", "#a3aea9"],
  "idle-bg": ["#e9edeb", "#262d2b"],
  "sandbox-ink": ["#7a4a00", "#ffcf87"],
  "sandbox-bg": ["#ffedc9", "#3d2c0c"],
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
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--canvas);
  color: var(--text);
  font: 14px/20px var(--sans);
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, dl, dd, ul, ol, pre { margin: 0; }
h1, h2, h3, strong { font-weight: 600; }
h1 { font-size: 20px; line-height: 28px; letter-spacing: -0.01em; }
h1 .mono { font-size: 18px; }
h2 { font-size: 16px; line-height: 24px; }
h3 { font-size: 14px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: 2px; }
p a:not(.button), .pad li > a:not(.button), .with-places li > a, .with-places td > a { text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); text-underline-offset: 2px; }
code, pre, .mono { font: 12.5px/20px var(--mono); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
input[type="date"]:focus-within, input[type="datetime-local"]:focus-within { outline: 2px solid var(--accent); outline-offset: 2px; }
main:focus { outline: none; }
[hidden] { display: none !important; }
button, input, select, textarea { font: inherit; color: inherit; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px;
  min-height: 32px; padding: 5px 12px;
  border: 1px solid var(--control); border-radius: 6px; background: var(--surface); color: var(--text);
  font-weight: 500; text-decoration: none; cursor: pointer;
}
button:hover, .button:hover { background: var(--sunken); text-decoration: none; }
button.primary, .button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button.danger { background: var(--bad-ink); border-color: var(--bad-ink); color: var(--surface); }
/* It leads to what cannot be undone, and does not do it yet. */
a.button.danger { color: var(--bad-ink); }
button.primary:hover, .button.primary:hover, button.danger:hover { filter: brightness(1.1); }
button.quiet, .button.quiet { border-color: transparent; background: none; color: var(--muted); }
button.quiet:hover, .button.quiet:hover { background: var(--sunken); color: var(--text); }
button.small, .button.small { min-height: 28px; padding: 3px 10px; font-size: 13px; line-height: 20px; }
input:not([type="checkbox"], [type="radio"], [type="hidden"]), select, textarea {
  min-height: 32px; padding: 5px 10px; max-width: 100%;
  border: 1px solid var(--control); border-radius: 6px; background: var(--surface);
}
input[type="checkbox"], input[type="radio"] { width: 16px; height: 16px; margin: 2px 0; accent-color: var(--accent); }
::placeholder { color: var(--muted); opacity: 1; }
[aria-invalid="true"] { border-color: var(--bad-ink) !important; }
.muted, .ago { color: var(--muted); }
.ago { font-size: 13px; white-space: nowrap; }
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
.skip { position: absolute; left: 8px; top: -60px; z-index: 9; background: var(--accent); color: var(--accent-ink); padding: 8px 16px; border-radius: 6px; }
.skip:focus { top: 8px; }
.icon { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; flex: none; vertical-align: -3px; }
@media (max-width: 820px) {
  button, .button, input:not([type="checkbox"], [type="radio"], [type="hidden"]), select, .chips a, .tabs a { min-height: 40px; }
  /* What is tapped reaches beyond its words; what stands around it stays where it is. */
  .panel-head a, .crumb a, .tile-more a, .pad > details > summary, details.pad > summary { padding-block: 10px; margin-block: -10px; }
  tbody a:not(.button) { padding-block: 6px; margin-block: -6px; }
  /* Smaller, and phones zoom in when it is tapped. */
  input, select, textarea { font-size: 16px; }
}
`;

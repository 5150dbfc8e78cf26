// How the pages behind payment URLs look: one card, on any screen, light or dark. It stands in the page itself, so that
// a page is one answer.

export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --canvas: #f3f6f5; --card: #ffffff; --line: #e3e9e6; --ink: #17201c; --soft: #5a6762;
  --accent: #0b6b55; --on-accent: #ffffff;
  --good: #0b6b45; --good-bg: #e3f4eb; --wait: #1f5fae; --wait-bg: #e6effa;
  --warn: #8a5300; --warn-bg: #fbf0dc; --idle: #56615c; --idle-bg: #ebeeec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --canvas: #0f1413; --card: #181e1c; --line: #2b3330; --ink: #e8eeeb; --soft: #9daaa4;
    --accent: #58cba9; --on-accent: #06231b;
    --good: #63d29b; --good-bg: #13301f; --wait: #84b8f5; --wait-bg: #152a43;
    --warn: #e9b663; --warn-bg: #352710; --idle: #a3aea9; --idle-bg: #262c2a;
  }
}
* { box-sizing: border-box; margin: 0; }
html { -webkit-text-size-adjust: 100%; }
body {
  min-height: 100vh; min-height: 100svh; padding: 24px 16px;
  display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 16px;
  background: var(--canvas); color: var(--ink);
  font: 16px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  overflow-wrap: anywhere;
}
main {
  width: 100%; max-width: 440px; padding: 28px;
  background: var(--card); border: 1px solid var(--line); border-radius: 16px;
  box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px rgb(0 0 0 / 6%);
}
.seller { display: flex; align-items: center; gap: 12px; padding-bottom: 20px; border-bottom: 1px solid var(--line); line-height: 1.3; }
.seller span {
  flex: none; width: 40px; height: 40px; border-radius: 10px; display: grid; place-items: center;
  background: var(--accent); color: var(--on-accent); font-weight: 650; font-size: 18px;
}
.seller b { font-weight: 620; min-width: 0; }
.state { padding: 28px 0 0; text-align: center; }
.sign { width: 56px; height: 56px; border-radius: 50%; display: inline-grid; place-items: center; margin-bottom: 16px; }
.sign svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.good .sign { color: var(--good); background: var(--good-bg); }
.wait .sign { color: var(--wait); background: var(--wait-bg); }
.warn .sign { color: var(--warn); background: var(--warn-bg); }
.idle .sign { color: var(--idle); background: var(--idle-bg); }
h1 { font-size: 22px; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; text-wrap: balance; }
.says { margin-top: 8px; color: var(--soft); text-wrap: pretty; }
.amount { margin-top: 24px; text-align: center; color: var(--soft); font-size: 14px; }
.figure { margin: 2px 0; color: var(--ink); font-size: 36px; line-height: 1.2; font-weight: 680; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.figure.long { font-size: 24px; }
dl { margin-top: 24px; border-top: 1px solid var(--line); font-variant-numeric: tabular-nums; }
dl div { display: flex; justify-content: space-between; gap: 24px; padding: 11px 0; border-bottom: 1px solid var(--line); }
dl div:last-child { border-bottom: 0; padding-bottom: 0; }
dt { color: var(--soft); flex: none; }
dd { text-align: right; min-width: 0; font-weight: 550; }
.acts { margin-top: 24px; display: grid; gap: 10px; text-align: center; }
.acts p { color: var(--soft); font-size: 14px; }
.acts a { display: block; padding: 13px 20px; border-radius: 10px; text-decoration: none; font-weight: 620; border: 1px solid var(--line); color: var(--ink); }
.acts a:hover { border-color: var(--soft); }
.acts a.first { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.acts a.first:hover { filter: brightness(1.07); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.footnote { color: var(--soft); font-size: 13px; text-align: center; }
.turning svg { animation: turn 1.1s linear infinite; }
@keyframes turn { to { transform: rotate(360deg); } }
@media (prefers-reduced-motion: reduce) { .turning svg { animation: none; } }
@media (max-width: 480px) {
  body { padding: 12px; }
  main { padding: 22px 20px; border-radius: 14px; }
}
@media print { body { background: none; min-height: 0; } main { border: 0; box-shadow: none; } .acts { display: none; } }
`;

// The frame of the pages: the side with its navigation, which on a narrow screen becomes a bar on top.

export const FRAME = `
.shell { display: grid; grid-template-columns: 232px minmax(0, 1fr); min-height: 100vh; }
.side {
  display: flex; flex-direction: column; gap: 16px;
  position: sticky; top: 0; height: 100vh; overflow-y: auto;
  padding: 16px 12px; border-right: 1px solid var(--line); background: var(--surface);
}
.shell > main { padding: 24px 28px 48px; max-width: 1240px; width: 100%; }
.brand { display: flex; align-items: center; gap: 8px; padding: 0 8px; color: var(--text); font-size: 15px; font-weight: 660; letter-spacing: -0.01em; }
.brand:hover { text-decoration: none; }
.brand svg { width: 22px; height: 22px; flex: none; }
.brand rect { fill: #0b6b55; }
.brand path { fill: none; stroke: #fff; stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }
.where { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 8px; align-items: center; padding: 8px 10px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--canvas); }
.where .tenant { font-weight: 600; grid-column: 1; }
.where .environment { color: var(--muted); font-size: 13px; grid-column: 1; }
.where .badge { grid-column: 2; grid-row: 1 / span 2; }
.nav { flex: 1; }
.nav ul { list-style: none; padding: 0; display: grid; gap: 2px; }
.nav a { display: flex; align-items: center; gap: 10px; padding: 6px 10px; border-radius: 6px; color: var(--text); }
.nav a .icon { color: var(--muted); }
.nav a:hover { background: var(--sunken); text-decoration: none; }
.nav a[aria-current] { background: var(--sunken); font-weight: 600; }
.nav a[aria-current] .icon { color: var(--accent); }
.nav .apart { margin-top: 12px; padding-top: 12px; border-top: 1px solid var(--line); }
.who { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 12px 8px 0; border-top: 1px solid var(--line); font-size: 13px; }
.who p { display: grid; min-width: 0; }
.who .key-name { font-weight: 600; }
.who .muted, .who code { font-size: 12px; white-space: nowrap; }
.who button { flex: none; font-size: 13px; padding: 3px 10px; }
.alone { display: grid; justify-items: center; align-content: start; gap: 20px; padding: 12vh 16px 48px; }
.alone .brand { font-size: 17px; }
.card { width: 100%; max-width: 420px; display: grid; gap: 12px; padding: 24px; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
.card label { font-weight: 600; margin-bottom: -6px; }
.card input { padding: 8px 10px; width: 100%; font-family: var(--mono); }
.card .field-error { color: var(--bad-ink); }
.card.problem { max-width: 560px; }

@media (max-width: 820px) {
  .shell { display: block; }
  .side { position: static; height: auto; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 10px 12px; padding: 10px 12px 0; border-right: 0; border-bottom: 1px solid var(--line); }
  .brand { padding: 0; }
  .where { grid-column: 1 / -1; grid-row: 2; grid-template-columns: minmax(0, auto) minmax(0, 1fr) auto; padding: 6px 10px; }
  .where .environment { grid-column: 2; }
  .where .badge { grid-column: 3; grid-row: 1; }
  .who { grid-column: 2; grid-row: 1; border: 0; padding: 0; }
  .who p { display: none; }
  .nav { grid-column: 1 / -1; margin: 0 -12px; overflow-x: auto; scrollbar-width: none; }
  .nav ul { display: flex; gap: 4px; padding: 0 12px; }
  .nav a { white-space: nowrap; padding: 8px 10px 9px; gap: 7px; border-radius: 0; border-bottom: 2px solid transparent; }
  .nav a:hover, .nav a[aria-current] { background: none; }
  .nav a[aria-current] { border-bottom-color: var(--accent); }
  .nav .apart { margin: 0; padding: 0; border: 0; }
  .shell > main { padding: 16px 12px 40px; }
}
`;

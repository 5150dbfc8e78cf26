// The frame of the pages: the side with its navigation, which on a narrow screen becomes a bar with a menu.

export const FRAME = `
.shell { display: grid; grid-template-columns: 240px minmax(0, 1fr); min-height: 100vh; align-items: start; }
.side {
  display: flex; flex-direction: column; gap: 12px;
  position: sticky; top: 0; height: 100vh; overflow-y: auto; scrollbar-width: thin;
  padding: 12px; border-right: 1px solid var(--line); background: var(--surface);
}
.top { display: none; }
.page { min-width: 0; }
.page > main { padding: 24px 32px 48px; max-width: 1264px; }
.strip-operator { padding: 6px 32px; font-size: 13px; color: var(--info-ink); background: var(--info-bg); }
.strip-sandbox { padding: 4px 32px; min-height: 28px; font-size: 13px; color: var(--sandbox-ink); background: var(--sandbox-bg); }
.brand { display: flex; align-items: center; gap: 8px; padding: 4px 8px; color: var(--text); font-size: 15px; font-weight: 600; letter-spacing: -0.01em; }
.brand:hover { text-decoration: none; }
.brand svg { width: 22px; height: 22px; flex: none; }
.brand rect { fill: #0a6b54; }
.brand path { fill: none; stroke: #fff; stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }

.where > summary { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 0 8px; align-items: center; padding: 8px 10px; border: 1px solid var(--line); border-radius: 6px; list-style: none; }
.where > summary::-webkit-details-marker, .menu > summary::-webkit-details-marker { display: none; }
.where > summary:hover { background: var(--sunken); }
.where .tenant { font-weight: 600; grid-column: 1 / span 2; }
.where .tenant, .where .environment { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.where .environment { color: var(--muted); font-size: 13px; grid-column: 1; }
.where .badge { grid-column: 2; grid-row: 2; line-height: 18px; }
.where .icon { grid-column: 3; grid-row: 1 / span 2; color: var(--muted); }
.where { position: relative; }
.floating { position: absolute; z-index: 5; left: 0; top: calc(100% + 4px); min-width: 100%; max-width: min(320px, 88vw); width: max-content; padding: 4px; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 8px 24px rgb(0 0 0 / 16%); }
.floating a, .floating button { display: flex; justify-content: flex-start; gap: 8px; align-items: center; width: 100%; padding: 6px 10px; border: 0; border-radius: 6px; background: none; color: var(--text); font-weight: 400; text-align: left; text-decoration: none; }
.floating a:hover, .floating button:hover { background: var(--sunken); }
.floating .danger { background: none; color: var(--bad-ink); }
.floating hr { margin: 4px; border: 0; border-top: 1px solid var(--line); }
.floating .hint { padding: 4px 10px; font-size: 12px; line-height: 16px; color: var(--muted); }

.search { position: relative; }
.search input { width: 100%; padding-left: 32px; padding-right: 32px; background: var(--canvas); border-color: var(--line); }
.search input:hover { border-color: var(--control); }
.search .icon { position: absolute; left: 10px; top: 8px; color: var(--muted); }
.search .key { position: absolute; right: 8px; top: 7px; padding: 0 6px; border: 1px solid var(--line); border-radius: 4px; font: 12px/16px var(--mono); color: var(--muted); background: var(--surface); }
.search input:focus + .key { display: none; }

.nav { flex: 1; }
.nav ul { list-style: none; padding: 0; display: grid; gap: 1px; }
.nav .group { margin: 12px 10px 4px; font-size: 12px; line-height: 16px; color: var(--muted); }
.nav a { display: flex; align-items: center; gap: 10px; min-height: 30px; padding: 5px 10px; border-radius: 6px; color: var(--text); text-decoration: none; }
.nav a .icon { color: var(--muted); }
.nav a:hover { background: var(--sunken); }
.nav a[aria-current] { background: var(--sunken); font-weight: 600; }
.nav a[aria-current] .icon { color: var(--accent); }
.count { margin-left: auto; min-width: 20px; padding: 0 6px; border-radius: 99px; font-size: 12px; line-height: 20px; font-weight: 600; text-align: center; }
.dot { width: 8px; height: 8px; border-radius: 50%; margin-left: auto; background: var(--idle-ink); }
.count.bad { background: var(--bad-bg); color: var(--bad-ink); } .count.warn { background: var(--warn-bg); color: var(--warn-ink); }
.dot.good { background: var(--good-ink); } .dot.warn { background: var(--warn-ink); } .dot.bad { background: var(--bad-ink); }
.who { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 12px 4px 0 8px; border-top: 1px solid var(--line); font-size: 13px; }
.who p { display: grid; flex: 1; min-width: 0; }
.who .key-name { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who .muted, .who code { font-size: 12px; line-height: 16px; }
.who code { white-space: nowrap; }
.who button { flex: none; }
.back { font-size: 13px; padding: 0 8px; }
.alone { display: grid; justify-items: center; align-content: start; gap: 24px; padding: 12vh 16px 48px; }
.alone .brand { font-size: 17px; }
.card { width: 100%; max-width: 420px; display: grid; gap: 12px; padding: 24px; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.card form { display: grid; gap: 12px; }
.card form + form { padding-top: 16px; border-top: 1px solid var(--line); }
.card label { font-weight: 500; margin-bottom: -6px; }
.card input { width: 100%; font-family: var(--mono); }
.card.problem { max-width: 560px; }

@media (max-width: 820px) {
  .shell { display: block; }
  .side { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  .shell.has-top > .side { display: none; }
  .top { display: flex; gap: 8px; align-items: center; position: sticky; top: 0; z-index: 6; padding: 8px 12px; background: var(--surface); border-bottom: 1px solid var(--line); }
  .top .where { flex: 1; min-width: 0; }
  .top .where > summary { padding: 2px 8px; min-height: 40px; }
  .top .where .tenant, .top .where .environment { font-size: 13px; line-height: 17px; }
  .top .menu { position: static; }
  .menu > summary { list-style: none; max-width: 148px; }
  .top .brand { margin-right: auto; }
  .menu > summary .words { font-size: 13px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .menu .sheet { position: absolute; left: 0; right: 0; top: 100%; max-height: calc(100dvh - 57px); overflow-y: auto; padding: 8px 12px 16px; display: grid; gap: 12px; background: var(--surface); border-bottom: 1px solid var(--line); box-shadow: 0 12px 24px rgb(0 0 0 / 16%); }
  .menu .sheet .nav a { min-height: 40px; }
  .strip-sandbox, .strip-operator { padding: 4px 16px; }
  .page > main { padding: 16px 16px 40px; }
}
`;

// The look of the hosted pages: one stylesheet, sent inside each page.

export const STYLESHEET = `
:root{--ink:#1a1f36;--quiet:#5a6376;--line:#d8dee9;--soft:#f5f7fb;--accent:#4f46e5;--accent-dark:#4338ca;--bad:#b42318;--bad-soft:#fef3f2;--good:#067647;--good-soft:#ecfdf3;--radius:10px}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--soft);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
h1,h2,h3,p,ul,fieldset,legend,dl,dd{margin:0;padding:0}
h1{font-size:1.5rem;line-height:1.25;letter-spacing:-.01em}
h2{font-size:1.05rem}
ul{list-style:none}
fieldset{border:0;min-width:0}
a{color:var(--accent)}
.bar{display:flex;align-items:center;gap:.75rem;width:100%;max-width:64rem;margin:0 auto;padding:1.5rem 1.25rem .5rem}
.merchant{display:flex;align-items:center;gap:.6rem;font-weight:600}
.mark{flex:none;display:grid;place-items:center;width:2rem;height:2rem;border-radius:8px;background:var(--ink);color:#fff;font-size:.95rem}
.badge{flex:none;padding:.1rem .5rem;border-radius:6px;background:#ffe2b8;color:#7a3b00;font-size:.72rem;font-weight:700;letter-spacing:.05em;text-transform:uppercase}
main{flex:1;width:100%;max-width:34rem;margin:0 auto;padding:1rem 1.25rem 2.5rem}
.wide main{max-width:64rem;display:grid;gap:2rem;grid-template:"summary" "pay" "tests" / minmax(0,1fr);align-items:start}
.summary{grid-area:summary}.pay{grid-area:pay}.tests{grid-area:tests;padding:1rem 1.1rem 1.1rem;border:1px dashed #b9c1d0;border-radius:14px}
@media (min-width:52rem){.wide main{grid-template:"summary pay" auto "tests pay" 1fr / minmax(0,5fr) minmax(0,6fr);gap:2.5rem 3.5rem;padding-top:2rem}}
.narrow .bar{max-width:34rem}
footer{padding:1.25rem;text-align:center;color:var(--quiet);font-size:.85rem}
.card{padding:1.5rem;border:1px solid var(--line);border-radius:14px;background:#fff;box-shadow:0 1px 2px rgb(26 31 54/5%),0 8px 24px rgb(26 31 54/6%)}
.card.center{margin-top:2rem;padding:2.5rem 1.75rem;text-align:center}
.card.center>*+*{margin-top:.75rem}
.card>h1+p{margin-top:.4rem}
.quiet{color:var(--quiet)}
.small{font-size:.875rem}
.back{display:inline-block;margin-bottom:1rem;color:var(--quiet);font-size:.9rem;text-decoration:none}
.back:hover{color:var(--ink);text-decoration:underline}
.what-for{color:var(--quiet);font-size:1rem;font-weight:500;letter-spacing:0}
.total{margin:.15rem 0 0;font-size:2.4rem;font-weight:650;letter-spacing:-.02em;line-height:1.15;font-variant-numeric:tabular-nums}
.lines{margin-top:1.5rem}
.lines li,.sums div{display:flex;justify-content:space-between;gap:1.5rem;padding:.7rem 0;font-variant-numeric:tabular-nums}
.lines li{border-top:1px solid var(--line)}
.lines .what{min-width:0;overflow-wrap:anywhere}
.lines .much{white-space:nowrap}
.sums{border-top:1px solid var(--line)}
.sums div{padding:.4rem 0;color:var(--quiet)}
.sums div:first-child{padding-top:.8rem}
.sums .due{color:var(--ink);font-weight:600}
form.stack,.stack{display:grid;gap:1.1rem}
label,legend{display:block;margin-bottom:.35rem;font-size:.9rem;font-weight:550}
input:not([type=radio]){width:100%;padding:.65rem .75rem;border:1px solid #b9c1d0;border-radius:var(--radius);background:#fff;color:inherit;font:inherit}
input::placeholder{color:#7a8396}
input:focus-visible,button:focus-visible,a:focus-visible,summary:focus-visible,.choice:focus-within{outline:3px solid rgb(79 70 229/40%);outline-offset:1px}
input[aria-invalid=true]{border-color:var(--bad)}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
.wrong{margin-top:.3rem;color:var(--bad);font-size:.875rem}
.alert{padding:.75rem 1rem;border:1px solid #fecdca;border-radius:var(--radius);background:var(--bad-soft);color:var(--bad);font-weight:550}
.choices{display:grid;gap:.5rem}
.choice{display:flex;align-items:center;gap:.65rem;margin:0;padding:.6rem .8rem;border:1px solid var(--line);border-radius:var(--radius);cursor:pointer;font-weight:500}
.choice:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.choice input{width:1.05rem;height:1.05rem;margin:0;accent-color:var(--accent)}
.choice .hint{margin-left:auto;color:var(--quiet);font-size:.85rem;font-weight:400;text-align:right}
form:not(:has(#method-card:checked)) .card-only{display:none}
form:has(#method-card:checked) .bank-only{display:none}
button,.button{display:inline-block;padding:.7rem 1.2rem;border:1px solid var(--line);border-radius:var(--radius);background:#fff;color:var(--ink);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
button:hover,.button:hover{background:var(--soft)}
button.main{width:100%;padding:.85rem 1.2rem;border-color:transparent;background:var(--accent);color:#fff}
button.main:hover{background:var(--accent-dark)}
button[disabled]{opacity:.6;cursor:progress}
.bad-button{color:var(--bad)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.5rem;margin-top:.5rem}
.cards button{width:100%;height:100%;padding:.5rem .6rem;font-weight:400;font-size:.85rem;line-height:1.35;text-align:left}
.cards code{display:block;font:600 .85rem/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.cards span{color:var(--quiet)}
.tick{display:grid;place-items:center;width:3.25rem;height:3.25rem;margin:0 auto;border-radius:50%;background:var(--good-soft);color:var(--good);font-size:1.6rem;font-weight:700}
.tick.wait{background:#fff4e0;color:#7a3b00}
.card.center .actions{display:grid;gap:.6rem;margin-top:1.75rem}
.pill{padding:.05rem .55rem;border-radius:99px;background:var(--good-soft);color:var(--good);font-size:.8rem;font-weight:600}
.pill.off{background:#eef0f5;color:var(--quiet)}
.subscription{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:1rem;padding:1rem 0;border-top:1px solid var(--line)}
@media (prefers-reduced-motion:no-preference){button,.button,.choice{transition:background-color .12s,border-color .12s}}
`;

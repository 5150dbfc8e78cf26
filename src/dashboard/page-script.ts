// The one script of our pages: buttons that copy, hints at what was pasted, `/` for the search, menus that close,
// a form that sends itself, and regions that look again while something is pending. Everything works without it: a reload does the same.

export const PAGE_SCRIPT = `const all = (selector, root = document) => root.querySelectorAll(selector);

function wakeCopies(root) {
  for (const button of all("button[data-copy]", root)) {
    const word = button.firstElementChild, said = word.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        word.textContent = "Copied";
      } catch {
        word.textContent = "Not copied";
        button.parentElement.querySelector("input")?.select();
      }
      setTimeout(() => { word.textContent = said; }, 2000);
    });
  }
}
wakeCopies(document);

// A field says what begins like what it does not take: [[prefix, tone, words], …].
for (const input of all("input[data-hints]")) {
  const hints = JSON.parse(input.dataset.hints);
  const said = document.getElementById(input.id + "-said");
  input.addEventListener("input", () => {
    const [, tone = "", words = ""] = hints.find(([prefix]) => input.value.trim().startsWith(prefix)) ?? [];
    said.className = "hint-said " + tone;
    said.textContent = words;
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of all("details[data-menu][open]")) { menu.open = false; menu.firstElementChild.focus(); }
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const field = [...all("input[data-search]")].find((one) => one.checkVisibility());
  event.preventDefault();
  if (field) field.focus();
  else document.querySelector("a[data-search]")?.click();
});
document.addEventListener("click", (event) => {
  for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

// What is pending is read again every two seconds, for ten minutes at most, and not while nobody looks.
let looks = 0;
async function lookAgain() {
  if (!document.querySelector("[data-live][aria-busy=true]") || ++looks > 300) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.redirected || answer.status === 401) return;
      if (answer.ok) {
        const news = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const region of all("[data-live]")) {
          const fresh = news.querySelector('[data-live="' + region.dataset.live + '"]');
          const held = region.contains(document.activeElement) ? document.activeElement : null;
          // Nothing is taken from under somebody who types; a button that is still there keeps the focus.
          if (!fresh || held?.matches("input:not([readonly]), select, textarea")) continue;
          if (fresh.textContent !== region.textContent || fresh.ariaBusy !== region.ariaBusy) {
            region.replaceChildren(...fresh.childNodes);
            region.ariaBusy = fresh.ariaBusy;
            wakeCopies(region);
            if (held) ([...all("a, button", region)].find((one) => one.textContent === held.textContent) ?? region).focus();
          }
        }
      }
    } catch { /* the next look may succeed */ }
  }
  setTimeout(lookAgain, 2000);
}
setTimeout(lookAgain, 2000);
document.querySelector("form[data-send]")?.requestSubmit();
`;

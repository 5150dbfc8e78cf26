// The one script of our pages: buttons that copy, hints at what was pasted, previews of what is typed, `/` for the
// search, menus that close, a form that sends itself, and regions that look again while something is pending.
// Everything works without it: a reload does the same.

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

// What a preview shows of a field follows it: its text within the words around it, or the words for none.
for (const shown of all("[data-shows]")) {
  const { shows, none, within, number } = shown.dataset, input = document.getElementById(shows);
  input?.addEventListener("input", () => {
    const value = input.value.trim();
    shown.textContent = value === "" ? none : within.replace("{}", () => value.replaceAll("{number}", number));
    for (const one of all('[data-with="' + shows + '"]')) one.hidden = value === "";
    for (const one of all('[data-without="' + shows + '"]')) one.hidden = value !== "";
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

// How a thing of a region is found again in the fresh one: what it is, where it leads, and the how-manieth of its kind.
function named(region, selector) {
  const names = new Map(), counts = {};
  for (const one of all(selector, region)) {
    const words = one.dataset.copy ?? one.ariaLabel ?? (one.querySelector("summary") ?? one).textContent;
    const kind = [one.tagName, one.href ?? one.form?.action, words].join("|");
    names.set(one, kind + (counts[kind] = (counts[kind] ?? 0) + 1));
  }
  return names;
}

// What was unfolded stays so, and what had the focus keeps it; where that is gone, the region has it.
function takeOver(region, fresh, isPending) {
  const parts = "details, a, button, summary, input";
  const before = named(region, parts), openOf = new Map([...before].map(([one, name]) => [name, one.open]));
  const hadFocus = region.contains(document.activeElement), held = before.get(document.activeElement);
  region.replaceChildren(...fresh.childNodes);
  region.toggleAttribute("data-pending", isPending);
  wakeCopies(region);
  const after = [...named(region, parts)];
  for (const [one, name] of after) if (one.matches("details")) one.open = openOf.get(name) ?? one.open;
  if (hadFocus) (after.find(([, name]) => name === held)?.[0] ?? region).focus({ preventScroll: true });
}

// What is pending is read again every two seconds, for ten minutes at most, and not while nobody looks.
let looks = 0;
async function lookAgain() {
  if (!document.querySelector("[data-live][data-pending]") || ++looks > 300) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.redirected || answer.status === 401) return;
      if (answer.ok) {
        const news = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const region of all("[data-live]")) {
          const fresh = news.querySelector('[data-live="' + region.dataset.live + '"]');
          // Nothing is taken from under somebody who types, or who has a menu open: the next look brings it.
          if (!fresh || region.querySelector("details[data-menu][open], :is(input:not([readonly]), select, textarea):focus")) continue;
          const isPending = "pending" in fresh.dataset;
          if (fresh.textContent !== region.textContent || isPending !== ("pending" in region.dataset)) takeOver(region, fresh, isPending);
        }
      }
    } catch { /* the next look may succeed */ }
  }
  setTimeout(lookAgain, 2000);
}
setTimeout(lookAgain, 2000);
document.querySelector("form[data-send]")?.requestSubmit();
`;

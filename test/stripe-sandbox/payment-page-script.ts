// The payment page's own script: fills in a test card by click, spaces out numbers, moves to the first
// field that is wrong, and keeps a second click from paying twice.

export const PAYMENT_PAGE_SCRIPT = `
const form = document.getElementById("pay");
const by = (id) => document.getElementById(id);
const groups = (digits) => digits.slice(0, 19).replace(/(.{4})(?=.)/g, "$1 ");
for (const button of document.querySelectorAll("[data-card]")) {
  button.addEventListener("click", () => {
    by("method-card").checked = true;
    by("card_number").value = button.dataset.card;
    by("card_expiry").value = "12 / " + String(new Date().getFullYear() + 3).slice(2);
    by("card_cvc").value = "123";
    if (by("name").value === "") by("name").value = "Test Customer";
    const email = by("email");
    if (email && email.value === "") email.value = "customer@example.com";
    form.querySelector("button.main").focus();
  });
}
const atEnd = (input) => input.selectionStart === input.value.length;
by("card_number").addEventListener("input", ({ target }) => {
  if (atEnd(target)) target.value = groups(target.value.replace(/\\D/g, ""));
});
by("card_expiry").addEventListener("input", ({ target, inputType }) => {
  if (!atEnd(target) || (inputType || "").startsWith("delete")) return;
  const digits = target.value.replace(/\\D/g, "").slice(0, 4);
  target.value = digits.length < 2 ? digits : digits.slice(0, 2) + " / " + digits.slice(2);
});
form.addEventListener("submit", () => { form.querySelector("button.main").disabled = true; });
addEventListener("pageshow", () => { form.querySelector("button.main").disabled = false; });
form.querySelector("[aria-invalid=true]")?.focus();
`;

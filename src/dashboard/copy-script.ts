// The one script of our pages: buttons that copy. Everything else works without script, so the buttons are
// hidden until it runs.

export const COPY_SCRIPT = `for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const label = button.dataset.label ?? (button.dataset.label = button.textContent);
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Press Ctrl+C";
      button.parentElement.querySelector("input")?.select();
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
`;

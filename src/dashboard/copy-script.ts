// The one script of our pages: buttons that copy. Everything else works without script, so the buttons are
// hidden until it runs.

export const COPY_SCRIPT = `for (const button of document.querySelectorAll("button[data-copy]")) {
  const word = button.firstElementChild;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      word.textContent = "Copied";
    } catch {
      word.textContent = "Not copied";
      button.parentElement.querySelector("input")?.select();
    }
    setTimeout(() => { word.textContent = "Copy"; }, 2000);
  });
}
`;

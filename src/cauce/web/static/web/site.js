// Every page works without this file. It shows the buttons that copy a text to the clipboard.
"use strict";

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break;
  const shown = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const from = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText("value" in from ? from.value : from.textContent.trim());
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = shown;
    }, 3000);
  });
}

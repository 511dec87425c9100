setInterval(() => {
  for (const cell of document.querySelectorAll("[data-left]")) {
    const left = Math.max(0, cell.dataset.left -= 1);
    const parts = [left / 3600, left / 60 % 60, left % 60].map(part => String(Math.floor(part)).padStart(2, "0"));
    cell.textContent = left ? parts.join(":") : "over";
  }
}, 1000);

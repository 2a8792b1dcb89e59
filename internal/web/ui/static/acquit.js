// Small helps for hands on the keyboard. Every page works without them.
"use strict";
(() => {
  const typing = (e) => e.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    if (e.key === "Escape" && typing(e)) { e.target.blur(); return; }
    if (typing(e)) return;
    if (e.key === "/") {
      const box = document.querySelector("main [data-search], [data-search]");
      if (box) { e.preventDefault(); box.focus(); box.select(); }
      return;
    }
    // <a data-key="e"> and <button data-key="Enter"> are pressed by their key.
    const keys = document.querySelectorAll(`[data-key="${CSS.escape(e.key)}"]`);
    const shown = [...keys].find((k) => !k.disabled && k.offsetParent !== null);
    if (shown && !(e.key === "Enter" && e.target.closest("a, button, summary"))) {
      e.preventDefault();
      shown.click();
    }
  });

  // A form that was sent is not sent again by a second click.
  document.addEventListener("submit", (e) => {
    if (e.defaultPrevented) return;
    if (e.target.dataset.sent) { e.preventDefault(); return; }
    e.target.dataset.sent = "1";
    setTimeout(() => { delete e.target.dataset.sent; }, 4000);
  });

  // <form data-ask="…"> asks before it is sent.
  document.addEventListener("submit", (e) => {
    const words = (e.submitter && e.submitter.dataset.ask) || e.target.dataset.ask;
    if (words && !confirm(words)) { e.preventDefault(); }
  }, true);

  // <select data-go> sends its form as soon as it changes.
  document.addEventListener("change", (e) => {
    if (e.target.matches("[data-go]")) e.target.form.requestSubmit();
  });
})();

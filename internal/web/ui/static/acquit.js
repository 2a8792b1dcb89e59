// Small helps for hands on the keyboard. Every page works without them.
"use strict";
(() => {
  const typing = (e) => e.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    if (e.key === "Escape" && typing(e)) { e.target.blur(); return; }
    if (typing(e)) return;
    if (e.key === "/") {
      const box = ["[data-panel] ", "main ", ""].map((place) => document.querySelector(place + "[data-search]")).find((x) => x);
      if (box) { e.preventDefault(); box.focus(); box.select(); }
      return;
    }
    if (press(e.key, e.target)) e.preventDefault();
  });

  // <a data-key="e"> and <button data-key="Enter"> are pressed by their key. While
  // the message of the chosen row is still on its way, the key waits for it: it
  // must not decide about the message before.
  let waiting = null;
  const stale = () => {
    const row = document.querySelector("[data-row][aria-current]");
    const panel = document.querySelector("[data-panel]");
    return row && panel && panel.dataset.id && panel.dataset.id !== row.dataset.row ? panel : null;
  };
  const press = (key, target) => {
    const keys = document.querySelectorAll(`[data-key~="${CSS.escape(key)}"]`);
    const shown = [...keys].find((k) => !k.disabled && k.offsetParent !== null);
    if (key === "Enter" && target) {
      const row = target.closest("[data-row]");
      if (row && target.matches("input[type=checkbox]")) return true; // Enter would send its form
      if (target.closest("a, button, summary") && !(row && row.hasAttribute("aria-current"))) return false;
    }
    const panel = stale();
    if (panel && (shown ? panel.contains(shown) : key === "Enter")) { waiting = key; return true; }
    if (!shown) return false;
    shown.click();
    return true;
  };
  document.addEventListener("htmx:after:swap", () => {
    if (!waiting || stale()) return;
    const key = waiting;
    waiting = null;
    press(key);
  });

  // The list of the day: j and k go through it, x ticks a row.
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const choose = (row) => {
    for (const r of rows()) r.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || typing(e)) return;
    const list = rows();
    if (list.length === 0) return;
    const at = list.findIndex((r) => r.hasAttribute("aria-current"));
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[e.key];
    if (step) {
      const row = list[Math.min(Math.max(at + step, 0), list.length - 1)];
      e.preventDefault();
      row.querySelector("a").click();
      row.scrollIntoView({ block: "nearest" });
    } else if (e.key === "x" && at >= 0) {
      const box = list[at].querySelector("input[type=checkbox]");
      if (box && !box.disabled) box.click();
    }
  });
  document.addEventListener("click", (e) => {
    const row = e.target.closest("[data-row]");
    if (row && e.target.closest("a")) choose(row);
    for (const open of document.querySelectorAll("details.pop[open]")) {
      if (!open.contains(e.target)) open.open = false;
    }
  });

  // Where the message stands below the list, a chosen row brings it into view.
  let shown = document.getElementById("message")?.dataset.id;
  document.addEventListener("htmx:after:swap", () => {
    const panel = document.getElementById("message");
    if (!panel || panel.dataset.id === shown) return;
    shown = panel.dataset.id;
    const row = document.querySelector("[data-row][aria-current]");
    if (panel && row && panel.getBoundingClientRect().top > row.getBoundingClientRect().bottom + 8) {
      if (panel.offsetLeft <= row.offsetLeft + 40) panel.scrollIntoView();
    }
  });

  // What is done with ticked rows appears with the first tick.
  const count = () => {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const n = document.querySelectorAll("[data-row] input[type=checkbox]:checked").length;
    bar.hidden = n === 0;
    const button = bar.querySelector("[data-one]");
    button.textContent = n === 1 ? button.dataset.one : button.dataset.many.replace("#", n);
  };
  document.addEventListener("change", (e) => { if (e.target.closest("[data-row]")) count(); });
  count();

  // What opens takes the focus.
  document.addEventListener("toggle", (e) => {
    if (e.target.matches("details.pop") && e.target.open) {
      const field = e.target.querySelector("input:not([type=hidden]), textarea, select");
      if (field) field.focus();
    }
  }, true);

  // A message in its frame is as high as it is long.
  const fit = (frame) => {
    const page = frame.contentDocument;
    if (page && page.body) frame.setAttribute("height", page.documentElement.scrollHeight);
  };
  for (const frame of document.querySelectorAll("iframe[data-fit]")) {
    frame.addEventListener("load", () => fit(frame));
    fit(frame);
  }

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

// Applying a payment: sums are worked out while amounts are typed or documents
// ticked. The page works without it; the server counts again.
"use strict";
(() => {
  const space = /[\s\u00a0\u202f]/g;
  const scale = (form) => 10 ** Number(form.dataset.decimals);
  const minorOf = (text, form) => {
    const plain = text.replace(space, "").replace(/€|EUR/gi, "").replace(",", ".");
    if (!/^\d+(\.\d+)?$/.test(plain)) return NaN;
    const minor = Number(plain) * scale(form);
    return Math.abs(minor - Math.round(minor)) < 1e-6 ? Math.round(minor) : NaN;
  };
  const words = (minor, form) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: form.dataset.currency })
      .format(minor / scale(form)).replace("-", "\u2212");

  // What was picked: what is left, and what the button does.
  const count = (form) => {
    const out = form.querySelector("[data-left]");
    if (!out) return;
    const fields = [...form.querySelectorAll("[data-amount]")];
    let left = Number(form.dataset.sum);
    let wrong = false;
    for (const field of fields) {
      const minor = minorOf(field.value, form);
      const bad = Number.isNaN(minor) || minor > Number(field.dataset.open);
      field.toggleAttribute("data-bad", bad);
      wrong ||= bad;
      if (!Number.isNaN(minor)) left -= minor * Number(field.dataset.amount);
    }
    const label = out.dataset;
    out.classList.toggle("wrong", left < 0);
    out.querySelector("span").textContent = left < 0 ? label.over : left === 0 ? label.even : label.rest;
    out.querySelector("strong").textContent = words(left, form);
    const button = form.querySelector("[data-verb]");
    const verb = button.dataset;
    button.querySelector("span").textContent = fields.length === 0 ? verb.none : left > 0 ? verb.part : verb.all;
    button.disabled = left < 0 || wrong;
  };

  // What is ticked, beside the button that picks it.
  const tick = (form) => {
    const out = form.querySelector("[data-told]");
    if (!out) return;
    const boxes = [...form.querySelectorAll("input[data-open]:checked")];
    const sum = boxes.reduce((all, box) => all + Number(box.dataset.open), 0);
    out.textContent = boxes.length ? out.dataset.words.replace("#", words(sum, form)) : "";
  };

  document.addEventListener("input", (e) => {
    const form = e.target.closest("form[data-sum]");
    if (form) { count(form); tick(form); }
  });
  const look = () => { for (const form of document.querySelectorAll("form[data-sum]")) { count(form); tick(form); } };
  document.addEventListener("htmx:after:swap", look);
  look();

  // Up and down go through what was found; an amount that takes the focus is
  // written over.
  document.addEventListener("keydown", (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step || !e.target.matches("[data-move]")) return;
    const all = [...document.querySelectorAll("[data-panel] [data-move]")];
    const next = all[all.indexOf(e.target) + step];
    e.preventDefault();
    if (next) next.focus();
  }, true);
  document.addEventListener("focusin", (e) => { if (e.target.matches("[data-amount]")) e.target.select(); });
  if (document.activeElement?.matches("[data-amount]")) document.activeElement.select();
  // The chosen row stays in view, however far down the list.
  document.querySelector(".money [data-row][aria-current]")?.scrollIntoView({ block: "nearest" });
  // On a narrow screen the chosen entry takes the place of the list.
  document.addEventListener("click", (e) => {
    if (e.target.closest(".money [data-row] a")) document.querySelector(".split.money").classList.add("chosen");
  });
})();

"use strict";

// A page opened from a folder may not fetch others, so there the search shows titles only.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

/* Definitions pop up beside a term that the mouse or the keyboard reaches. */
const MARGIN = 8;
let shown = null;
let timer = 0;

function hideDefinition() {
  clearTimeout(timer);
  shown?.hidePopover();
  shown = null;
}

function hideSoon() {
  clearTimeout(timer);
  timer = setTimeout(hideDefinition, 250);
}

function showDefinition(link, definition) {
  hideDefinition();
  definition.showPopover();
  const word = link.getClientRects()[0];
  const box = definition.getBoundingClientRect();
  const left = Math.min(word.left, innerWidth - box.width - MARGIN);
  const below = word.bottom + box.height + MARGIN < innerHeight;
  definition.style.left = `${Math.max(left, MARGIN)}px`;
  definition.style.top = `${below ? word.bottom + 4 : word.top - box.height - 4}px`;
  shown = definition;
}

for (const term of document.querySelectorAll("a > .std-term")) {
  const link = term.parentElement;
  const definition = document.getElementById(`definition-${link.hash.slice(1)}`);
  if (!definition?.showPopover) continue;
  link.setAttribute("aria-describedby", definition.id);
  for (const event of ["pointerenter", "focus"])
    link.addEventListener(event, () => showDefinition(link, definition));
  for (const event of ["pointerleave", "blur"]) link.addEventListener(event, hideSoon);
  definition.addEventListener("pointerenter", () => clearTimeout(timer));
  definition.addEventListener("pointerleave", hideSoon);
}
addEventListener("keydown", (event) => event.key === "Escape" && hideDefinition());
addEventListener("scroll", hideDefinition, { passive: true });

/* Quizzes: choose, check, read why. Without this script the answers are there to unfold. */
function verdict(chosen, right) {
  if (!chosen.length) return "Choose an answer first.";
  if (chosen.some((letter) => !right.includes(letter))) return "Not right yet.";
  return chosen.length === right.length ? "Right." : "Right so far, but not all.";
}

for (const quiz of document.querySelectorAll(".quiz")) {
  const fold = quiz.querySelector(".quiz-fold");
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "quiz-check",
    textContent: "Check",
  });
  const result = Object.assign(document.createElement("div"), { className: "quiz-result" });
  result.setAttribute("role", "status");
  fold.before(button, result);
  button.addEventListener("click", () => {
    const answers = [...fold.querySelectorAll("[data-letter]")];
    const chosen = [...quiz.querySelectorAll("input:checked")].map((input) => input.value);
    const right = answers.filter((item) => item.dataset.right === "yes");
    const reasons = document.createElement("ul");
    reasons.append(
      ...answers
        .filter((item) => chosen.includes(item.dataset.letter))
        .map((item) => item.cloneNode(true)),
    );
    const heading = document.createElement("p");
    heading.textContent = verdict(
      chosen,
      right.map((item) => item.dataset.letter),
    );
    result.replaceChildren(heading, ...(chosen.length ? [reasons] : []));
  });
}

/* Paper is white. */
let themeOfScreen;
addEventListener("beforeprint", () => {
  themeOfScreen = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
});
addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = themeOfScreen;
});

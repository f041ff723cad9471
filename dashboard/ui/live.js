// Says whether the screen follows the data, and asks for a rerun when those on the server are newer than those shown.
// The page's one stream (presence.js) tells; nothing is asked of the server in between.
const HIGHLIGHT_MS = 30500;
// One question at a time: in a meeting forty screens would otherwise queue up a run for each figure of ten officers.
const ANSWER_MS = 10000;
const badges = new WeakMap();

function open(root) {
  const badge = { shown: 0, frozen: false, settle: 0, askedAt: 0 };
  const presence = (window.dashboardPresence ??= { state: "connecting", version: 0, words: {}, run: 0 });

  badge.paint = () => {
    const element = root.querySelector(".badge");
    const state = presence.state === "live" && badge.frozen ? "frozen" : presence.state;
    element.dataset.state = state;
    element.querySelector(".word").textContent = badge.words[state];
    element.querySelector(".moment").textContent = badge.words.as_of;
    const button = root.querySelector("button");
    button.textContent = badge.frozen ? badge.words.resume : badge.words.freeze;
    button.setAttribute("aria-pressed", String(badge.frozen));
    button.hidden = presence.state !== "live";
  };

  badge.refresh = () => {
    badge.paint();
    const isAsked = Date.now() - badge.askedAt < ANSWER_MS;
    if (badge.frozen || isAsked || presence.version <= badge.shown) return;
    badge.askedAt = Date.now();
    badge.trigger("version", presence.version);
  };

  badge.highlight = () => {
    clearTimeout(badge.settle);
    // The outline of a changed cell goes away by itself.
    badge.settle = setTimeout(() => badge.trigger("settled", Date.now()), HIGHLIGHT_MS);
  };

  const heard = ["change", "beat", "lost", "found", "rest", "signed-out"].map((name) => `dashboard:${name}`);
  badge.close = () => {
    for (const name of heard) removeEventListener(name, badge.refresh);
    clearTimeout(badge.settle);
  };
  for (const name of heard) addEventListener(name, badge.refresh);
  return badge;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let badge = badges.get(parentElement);
  if (!badge) {
    badge = open(parentElement);
    badges.set(parentElement, badge);
    parentElement.querySelector("button").onclick = () => {
      badge.frozen = !badge.frozen;
      badge.refresh();
    };
  }
  badge.trigger = setTriggerValue;
  badge.words = data;
  badge.shown = data.version;
  badge.askedAt = 0;
  if (data.highlighting) badge.highlight();
  badge.refresh();
  return () => {
    badge.close();
    badges.delete(parentElement);
  };
}

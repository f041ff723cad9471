// Holds the one stream of a page, tells the page's parts what it says, and says itself what concerns the whole screen:
// the connection is lost, the session is about to end. Reports a person's touch, and leaves when the session is over.
const RETRY_MS = 3000;
// The server beats every 15 s. A pulled cable closes no connection: only the missing beat tells of it.
const SILENCE_MS = 40000;
const TOUCH_MS = 30000;
// Streamlit asks for a run by itself after most losses of its own connection.
const RESUME_MS = 1500;
const STYLE = `
#dashboard-presence { position: fixed; left: 0; right: 0; bottom: 0; z-index: 1000001; display: flex; flex-wrap: wrap;
  gap: 0.25rem 1rem; align-items: center; justify-content: center; padding: 0.6rem 1rem; background: #7A2400;
  color: #FFFFFF; font: 600 1rem/1.4 "Source Sans", "Source Sans Pro", sans-serif; text-align: center; }
#dashboard-presence[hidden] { display: none; }
#dashboard-presence button { font: inherit; color: inherit; background: transparent; border: 2px solid currentColor;
  border-radius: 8px; padding: 0.15rem 0.8rem; cursor: pointer; }
#dashboard-presence button:focus-visible { outline: 3px solid #FFFFFF; outline-offset: 2px; }
#dashboard-presence button[hidden] { display: none; }
/* The framework says the same in English, over the page; and "Press Enter to apply", where leaving is enough. */
[data-testid=stConnectionStatus], [data-testid=InputInstructions] { display: none; }
@media print { #dashboard-presence { display: none; } }
`;
const presence = (window.dashboardPresence ??= { state: "connecting", version: 0, words: {}, run: 0 });

function tell(name, detail) {
  dispatchEvent(new CustomEvent(`dashboard:${name}`, { detail }));
}

function begin() {
  let source, retry, silence, touchedAt = 0, isLineLost = false, isSocketLost = false, ends = null;
  const style = document.createElement("style");
  style.textContent = STYLE;
  document.head.append(style);
  const bar = document.createElement("div");
  bar.id = "dashboard-presence";
  bar.setAttribute("role", "status");
  bar.hidden = true;
  bar.innerHTML = '<span></span><button type="button" hidden></button>';
  document.body.append(bar);
  const button = bar.querySelector("button");

  function paint() {
    const sentence = sentenceNow();
    const text = bar.querySelector("span");
    if (text.textContent !== sentence) text.textContent = sentence;
    bar.hidden = !sentence;
    const canStay = !!sentence && !isLineLost && !isSocketLost && ends !== null;
    button.hidden = !canStay;
    button.textContent = ends?.isIdle ? presence.words.stay : presence.words.renew;
  }

  function sentenceNow() {
    if (isLineLost || isSocketLost) return presence.words.lost ?? "";
    if (!ends) return "";
    const minutes = Math.max(1, Math.ceil((ends.at - Date.now()) / 60000));
    return (ends.isIdle ? presence.words.idle : presence.words.ending).replace("{n}", minutes);
  }

  button.onclick = () => {
    if (ends?.isIdle) touch(true);
    else leave("renew");
  };

  function beat(detail) {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE_MS);
    if (isLineLost || presence.state !== "live") {
      isLineLost = false;
      presence.state = "live";
      if (!isSocketLost) tell("found");
    }
    if (detail) {
      const isIdle = detail.idle_left < detail.left;
      const left = Math.min(detail.left, detail.idle_left);
      ends = left <= (isIdle ? presence.words.warn_idle : presence.words.warn_end) ? { at: Date.now() + left * 1000, isIdle } : null;
    }
    paint();
  }

  function lose() {
    clearTimeout(silence);
    clearTimeout(retry);
    source?.close();
    if (presence.isOver) return;
    presence.state = "lost";
    isLineLost = true;
    paint();
    tell("lost");
    retry = setTimeout(again, RETRY_MS);
  }

  // An EventSource does not say why it failed: the session may have ended meanwhile.
  async function again() {
    if (document.hidden) return;
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), 5000);
    try {
      const answer = await fetch("/events", { signal: stop.signal, cache: "no-store" });
      stop.abort();
      if (answer.status === 401) { over(); return; }
      if (answer.ok) { listen(); return; }
    } catch { /* still lost */ } finally { clearTimeout(late); }
    retry = setTimeout(again, RETRY_MS);
  }

  function listen() {
    source?.close();
    clearTimeout(retry);
    if (document.hidden || presence.isOver) return;
    source = new EventSource("/events");
    source.onopen = () => beat();
    source.onerror = lose;
    source.addEventListener("beat", (event) => {
      const detail = JSON.parse(event.data);
      beat(detail);
      tell("beat", detail);
    });
    source.addEventListener("change", (event) => {
      beat();
      presence.version = JSON.parse(event.data).version;
      tell("change", { version: presence.version });
    });
    source.addEventListener("signed-out", over);
  }

  // A browser opens six connections to one server at most: tabs that nobody sees must not keep them all.
  function rest() {
    clearTimeout(silence);
    clearTimeout(retry);
    source?.close();
    presence.state = "connecting";
    isLineLost = false;
    ends = null;
    paint();
    tell("rest");
  }

  // No figure stays on the screen of an ended session. What was typed and not stored is kept by its form first.
  function over() {
    if (presence.isOver) return;
    presence.isOver = true;
    presence.state = "signed_out";
    source?.close();
    tell("signed-out");
    leave("ended");
  }

  function leave(why) {
    const here = location.pathname + location.search;
    // Vietnamese is what the sign-in page speaks by itself.
    const language = presence.words.language === "en" ? "&lang=en" : "";
    location.replace(`/login?${why}=1&next=${encodeURIComponent(here)}${language}`);
  }

  async function touch(isWanted) {
    const now = Date.now();
    if (presence.isOver || (!isWanted && now - touchedAt < TOUCH_MS)) return;
    touchedAt = now;
    try {
      const answer = await fetch("/session/active", { method: "POST", cache: "no-store" });
      if (answer.status === 401) over();
      else if (answer.ok && ends?.isIdle) { ends = null; paint(); }
    } catch { touchedAt = 0; }
  }

  // Streamlit's own connection carries what is typed; the stream may stand while it is gone.
  function socket() {
    const state = document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState;
    const isLost = state !== undefined && state !== "CONNECTED";
    if (isLost === isSocketLost) return;
    isSocketLost = isLost;
    paint();
    if (isLost) { tell("lost"); return; }
    if (!isLineLost) tell("found");
    resume(presence.run, 0);
  }

  // A server that was started anew knows nothing of this page: it has to draw it whole before it can take anything.
  function resume(run, tries) {
    if (tries === 0) { setTimeout(resume, RESUME_MS, run, 1); return; }
    if (presence.run !== run || isSocketLost || tries > 8) return;
    presence.trigger?.("resume", Date.now());
    setTimeout(resume, 2 * RESUME_MS, run, tries + 1);
  }

  function dismiss() {
    for (const dialog of document.querySelectorAll("[role=dialog]")) {
      if (/Connection error|Streamlit server|Is Streamlit still running/.test(dialog.textContent)) {
        dialog.style.visibility = "hidden";
        dialog.querySelector("button[aria-label=Close], [data-testid=stDialogCloseButton], button")?.click();
      }
    }
  }

  new MutationObserver(() => { dismiss(); socket(); }).observe(document.body, { childList: true, subtree: false });
  const app = document.querySelector("[data-testid=stApp]");
  if (app) new MutationObserver(socket).observe(app, { attributes: true });
  addEventListener("offline", lose);
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => { if (document.hidden) rest(); else listen(); });
  for (const name of ["pointerdown", "keydown", "touchstart"]) addEventListener(name, () => touch(false), { capture: true, passive: true });
  // Half of a sign (an emoji cut in two) fits no message: the server would close the line again and again.
  addEventListener("input", ({ target, isComposing }) => {
    if (isComposing || typeof target?.value !== "string" || !/\p{Surrogate}/u.test(target.value)) return;
    const whole = target.value.replace(/\p{Surrogate}/gu, "");
    // The setter of the prototype, so that Streamlit hears of it.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(target), "value")?.set?.call(target, whole);
  }, true);
  setInterval(() => { if (ends) paint(); }, 15000);
  // Charts are drawn in the colours of the theme that the server last heard of.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    setTimeout(() => presence.trigger?.("resume", Date.now()), RESUME_MS);
  });
  presence.over = over;
  listen();
}

export default function ({ data, setTriggerValue }) {
  presence.words = data;
  presence.trigger = setTriggerValue;
  presence.run = data.run;
  document.documentElement.lang = data.language;
  if (!presence.isBegun) { presence.isBegun = true; begin(); }
  if (data.ended) presence.over();
  if (data.failed) setTimeout(setTriggerValue, 5000, "resume", Date.now());
}

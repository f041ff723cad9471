// Says beside the fields of every form, at once and truly, whether what stands in them is stored; keeps what is not
// stored on this computer until it is. One keeper serves all lines of a page: it stays while pages change.
const WAIT_MS = 4000;
const LEAVE_MS = 3000;
const KEEP_MS = 14 * 24 * 3600 * 1000;
const PREFIX = "dashboard:draft:";
const STYLE = `
.saving { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.6rem; min-height: 1.6rem;
  font-family: var(--st-font); font-size: 0.875rem; line-height: 1.45; color: var(--st-text-color); }
.saving .words { white-space: pre-line; overflow-wrap: anywhere; }
.saving .lead { font-weight: 700; }
.saving[data-state=idle] .words, .saving[data-state=saved] .words { opacity: 0.8; }
.saving:is([data-state=edited],[data-state=sending],[data-state=unfinished]) { color: var(--st-orange-text-color, inherit); }
.saving:is([data-state=refused],[data-state=failed],[data-state=over],[data-state=silent],[data-state=lost],[data-state=conflict]) {
  border-left: 4px solid var(--st-red-color); padding: 0.25rem 0 0.25rem 0.6rem; color: var(--st-text-color); }
.saving:is([data-state=refused],[data-state=failed],[data-state=over],[data-state=silent],[data-state=lost],[data-state=conflict]) .words {
  font-weight: 600; }
.saving[data-empty=true] { display: none; }
.saving-offer { margin-top: 0.35rem; padding: 0.4rem 0.6rem; border: 1px solid var(--st-border-color);
  border-left: 4px solid var(--st-orange-color, #B35A00); border-radius: 6px; font-family: var(--st-font);
  font-size: 0.875rem; color: var(--st-text-color); }
.saving-offer[hidden] { display: none; }
/* Twice the class: the framework gives lists a size of their own. */
.saving-offer.saving-offer :is(ul, li) { font-size: 0.875rem; }
.saving-offer ul { margin: 0.2rem 0 0.4rem; padding-left: 1.1rem; }
.saving-offer li { overflow-wrap: anywhere; white-space: pre-line; margin: 0; }
.saving button, .saving-offer button { font: inherit; color: var(--st-text-color); background: transparent;
  cursor: pointer; border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 8px);
  padding: 0.15rem 0.7rem; margin-right: 0.4rem; min-height: 1.9rem; }
.saving button:focus-visible, .saving-offer button:focus-visible { outline: 3px solid var(--st-primary-color);
  outline-offset: 2px; }
.saving button[hidden] { display: none; }
`;

const keeper = (window.dashboardSaving ??= { waiting: [] });
const forms = new Map(); // by the element of their line
const settledCounts = new Map(); // by name of the form: what the server said last
let owner = "";
let words = {};
let isLost = false;
let hasEnded = false;
let isPassing = false;
// Names what this page has written, so that it is never offered its own words.
const page = Math.random().toString(36).slice(2);
let mounts = 0;

// ---- what stands in the fields

const className = (key) => "st-key-" + key.trim().replace(/[^a-zA-Z0-9_-]/g, "-");
const plain = (text) => (text ?? "").replace(/\r\n/g, "\n").normalize("NFC").trim();
// 1.234 and 1234 are one number: the program writes points that nobody typed.
const same = (a, b) => plain(a) === plain(b) || ungrouped(a) === ungrouped(b);
const ungrouped = (text) => {
  const clean = plain(text).replace(/\s/g, "");
  return /^\d{1,3}(\.\d{3})+$/.test(clean) ? clean.replaceAll(".", "") : clean;
};

function boxOf(field) {
  return document.getElementsByClassName(className(field.key))[0];
}

// The text of one field; undefined while it is not on the screen.
function textOf(field) {
  const box = boxOf(field);
  if (!box) return undefined;
  const tick = box.querySelector("input[type=checkbox]");
  if (tick) return tick.checked ? "✓" : "";
  const list = box.querySelector("[data-testid=stSelectbox]") ?? (box.dataset.testid === "stSelectbox" ? box : null);
  if (list) return chosenOf(list);
  if (box.querySelector("[data-testid=stButtonGroup], [role=radiogroup]")) {
    return box.querySelector("button[aria-checked=true], [role=radio][aria-checked=true], button[kind$=Active]")?.textContent ?? "";
  }
  return box.querySelector("textarea, input")?.value;
}

function chosenOf(list) {
  const input = list.querySelector("input");
  return input?.value || list.querySelector("[value]")?.getAttribute("value") || "";
}

function textsOf(form) {
  const texts = {};
  for (const field of form.fields) {
    const text = textOf(field);
    if (text !== undefined) texts[field.name] = text;
  }
  return texts;
}

// What the server's last word was said of. Fields that are sent together may be known to the server long before it is
// asked to store them: there it spoke of what stood in them when they were sent.
function spokenOf(form, field) {
  if (!form.send) return field.received;
  return form.sent?.[field.name] ?? (form.noted ? field.received : field.stored);
}

function isEdited(form) {
  return form.fields.some((field) => {
    const text = textOf(field);
    return text !== undefined && plain(text) !== plain(spokenOf(form, field));
  });
}

function hasFocus(form) {
  return form.fields.some((field) => boxOf(field)?.contains(document.activeElement));
}

// ---- drafts

let drafts = null; // as last read, until one is written or dropped here or in another tab
const store = {
  read() {
    if (drafts) return drafts;
    const found = [];
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const key = localStorage.key(i);
        if (!key?.startsWith(`${PREFIX}${owner}:`)) continue;
        found.push({ ...JSON.parse(localStorage.getItem(key)), key });
      }
    } catch { /* A browser that keeps nothing still saves. */ }
    for (const draft of found) if (Date.now() - draft.at >= KEEP_MS) store.drop(draft.key);
    drafts = found.filter((draft) => Date.now() - draft.at < KEEP_MS);
    return drafts;
  },
  write(key, draft) {
    drafts = null;
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* as above */ }
  },
  drop(key) {
    drafts = null;
    try { localStorage.removeItem(key); } catch { /* as above */ }
  },
};

function draftKey(form) {
  return `${PREFIX}${owner}:${form.name}:${form.id}`;
}

// Keep what differs from what is stored; forget it once nothing does.
function keepDraft(form) {
  clearTimeout(form.keeping);
  form.keeping = 0;
  if (!form.draft || !owner) return;
  store.write(draftKey(form), { form: form.name, ...form.draft });
}

function dropDraft(form) {
  clearTimeout(form.keeping);
  form.keeping = 0;
  if (!form.draft) return;
  form.draft = null;
  store.drop(draftKey(form));
}

function noteDraft(form) {
  const texts = textsOf(form);
  const differing = form.fields.filter(
    (field) => texts[field.name] !== undefined && !same(texts[field.name], field.stored),
  );
  if (!differing.length) { dropDraft(form); return; }
  const kept = Object.fromEntries(differing.map((field) => [field.name, texts[field.name]]));
  if (JSON.stringify(kept) === JSON.stringify(form.draft?.texts)) return;
  form.draft = { texts: kept, base: form.base, at: Date.now() };
  if (!form.keeping) form.keeping = setTimeout(keepDraft, 200, form);
}

function flush() {
  for (const form of forms.values()) if (form.keeping) keepDraft(form);
}

// What was typed into fields that are no more becomes an offer.
function turnIntoOffer(form) {
  keepDraft(form);
  form.draft = null;
  form.id = `${page}${(mounts += 1)}`;
}

function offersOf(form) {
  const others = new Set([...forms.values()].map(draftKey));
  const texts = textsOf(form);
  return store.read().filter((draft) => {
    if (draft.form !== form.name || others.has(draft.key)) return false;
    const wanting = form.fields.filter((field) => draft.texts[field.name] !== undefined);
    if (wanting.every((field) => same(draft.texts[field.name], field.stored))) {
      store.drop(draft.key);
      return false;
    }
    // What stands in the fields already is this line's own draft by now.
    const isHere = wanting.every((field) => plain(draft.texts[field.name]) === plain(texts[field.name]));
    if (isHere && form.draft) store.drop(draft.key);
    return !isHere;
  }).sort((a, b) => b.at - a.at);
}

// ---- what the line says

function stateOf(form) {
  if (form.isAnswered === false) {
    if (isLost) return "lost";
    return Date.now() - form.sentAt > WAIT_MS ? "silent" : "sending";
  }
  if (isEdited(form)) return isLost ? "lost" : "edited";
  return form.state;
}

const UNSAVED = new Set(["edited", "unfinished", "sending", "silent", "lost", "refused", "conflict", "failed", "over"]);

function look(form) {
  if (form.isAnswered === false && !form.isAsked && !isEdited(form)) form.isAnswered = true;
  const state = stateOf(form);
  form.shownState = state;
  if (UNSAVED.has(state)) noteDraft(form);
  else if (form.draft) dropDraft(form);
  paint(form, state);
  clearTimeout(form.waiting);
  if (state === "sending") form.waiting = setTimeout(look, WAIT_MS + 50, form);
  // On a busy computer a list may be drawn after its line: what looked edited then is what is stored.
  else if (state === "edited") form.waiting = setTimeout(look, 1000, form);
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function paint(form, state) {
  const { line, lead, text, again, offer } = form.parts;
  line.dataset.state = state;
  const own = words[state];
  say(lead, own ? "" : form.lead);
  const rest = own ?? form.text;
  say(text, own || !form.lead || !rest ? rest : ` · ${rest}`);
  const canAsk = ["silent", "lost", "failed", "over"].includes(state) || (state === "edited" && !form.send && !hasFocus(form));
  again.hidden = !canAsk || !form.canAsk;
  say(again, words.again ?? "");
  line.dataset.empty = String(!lead.textContent && !text.textContent && again.hidden);
  paintOffer(form, offer, state);
}

function paintOffer(form, element, state) {
  const draft = form.canAsk && state !== "conflict" && owner ? offersOf(form)[0] : undefined;
  const shown = draft && JSON.stringify([draft, form.fields.map((field) => field.stored)]);
  if (form.shownOffer === shown) return;
  form.shownOffer = shown;
  element.hidden = !draft;
  element.replaceChildren();
  if (!draft) return;
  const title = document.createElement("div");
  title.textContent = words.offer.replace("{when}", moment(draft.at));
  const list = document.createElement("ul");
  for (const field of form.fields) {
    const typed = draft.texts[field.name];
    if (typed === undefined || same(typed, field.stored)) continue;
    const item = document.createElement("li");
    item.textContent = words.offered
      .replace("{heading}", () => field.heading)
      .replace("{typed}", () => typed)
      .replace("{stored}", () => field.stored || "–");
    list.append(item);
  }
  const use = document.createElement("button");
  use.type = "button";
  use.textContent = words.use;
  use.onclick = () => { form.using = draft.key; ask(form, { ...textsOf(form), ...draft.texts }); };
  const drop = document.createElement("button");
  drop.type = "button";
  drop.textContent = words.drop;
  drop.onclick = () => { store.drop(draft.key); look(form); };
  element.append(title, list, use, drop);
}

function moment(at) {
  const when = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  const time = `${two(when.getHours())}:${two(when.getMinutes())}`;
  const isToday = when.toDateString() === new Date().toDateString();
  return isToday ? time : `${time} ${two(when.getDate())}/${two(when.getMonth() + 1)}/${when.getFullYear()}`;
}

// ---- sending

function markSent(form) {
  form.isAnswered = false;
  form.isAsked = false;
  form.sentAt = Date.now();
  look(form);
}

// Ask the server to save these texts, whether or not it has heard of them.
function ask(form, texts) {
  markSent(form);
  form.isAsked = true;
  form.sent = texts;
  // What the server knows is not put into the fields anew: somebody may be typing there by the time it arrives.
  const unknown = form.fields.filter((field) => field.name in texts && texts[field.name] !== field.received);
  const put = Object.fromEntries(unknown.map((field) => [field.name, texts[field.name]]));
  form.trigger("put", JSON.stringify({ texts: put, at: Date.now() }));
}

function sendForm(form) {
  form.sent = textsOf(form);
  markSent(form);
  form.isAsked = true;
}

function formOf(target) {
  for (const form of forms.values()) {
    if (form.fields.some((field) => boxOf(field)?.contains(target))) return form;
  }
  return undefined;
}

function lookSoon(form) {
  requestAnimationFrame(() => requestAnimationFrame(() => forms.get(form.element) === form && look(form)));
}

addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  form.isAnswered = true;
  look(form);
}, true);

addEventListener("focusout", (event) => {
  const form = formOf(event.target);
  if (!form || form.send) return;
  if (isEdited(form)) markSent(form);
  // Streamlit sends nothing for a field that was left as it was.
  else if (["failed", "silent", "over"].includes(form.shownState) && form.canAsk) ask(form, textsOf(form));
}, true);

addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  const form = formOf(event.target);
  if (!form || !isEdited(form)) return;
  const isSent = (event.target.tagName === "INPUT" && event.target.type === "text") || event.ctrlKey || event.metaKey;
  if (!isSent) return;
  if (!form.send) markSent(form);
  else if (event.target.closest("form, [data-testid=stForm]")) sendForm(form);
}, true);

// A choice is sent as it is made, and a form by its button.
addEventListener("click", (event) => {
  for (const form of forms.values()) {
    if (form.send && boxOf({ key: form.send })?.contains(event.target)) sendForm(form);
  }
  setTimeout(lookAtChoices, 60);
}, true);
addEventListener("keyup", (event) => { if (event.key === "Enter" || event.key === " ") setTimeout(lookAtChoices, 60); }, true);

function lookAtChoices() {
  for (const form of forms.values()) {
    if (!form.send && form.isAnswered !== false && isEdited(form) && !hasTextFocus(form)) markSent(form);
    else look(form);
  }
}

function hasTextFocus(form) {
  const active = document.activeElement;
  return active?.matches?.("input[type=text], textarea") && !active.closest("[data-testid=stSelectbox]") && formOf(active) === form;
}

// ---- leaving waits for what is on its way

function pending() {
  return [...forms.values()].filter((form) => form.isAnswered === false && Date.now() - form.sentAt < LEAVE_MS);
}

addEventListener("click", (event) => {
  if (isPassing) return;
  const target = event.target.closest?.("button, a[href]");
  if (!target || target.closest(".saving, .saving-offer") || target.target === "_blank") return;
  const own = formOf(target);
  const waited = pending().filter((form) => form !== own && !boxOf({ key: form.send || "-" })?.contains(target));
  if (!waited.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const until = Date.now() + LEAVE_MS;
  const pass = () => {
    const isStored = waited.every((form) => form.isAnswered !== false);
    if (!isStored && Date.now() < until) { setTimeout(pass, 30); return; }
    flush();
    // Nothing is carried on over a save that was not answered, except leaving: the draft stays.
    if (!isStored && target.tagName !== "A") return;
    isPassing = true;
    target.click();
    isPassing = false;
  };
  pass();
}, true);

addEventListener("beforeunload", (event) => {
  flush();
  if (hasEnded) return;
  if ([...forms.values()].some((form) => UNSAVED.has(stateOf(form)))) {
    event.preventDefault();
    event.returnValue = "";
  }
});
addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", flush);

function lookAll() {
  for (const form of forms.values()) look(form);
}

function lose() { isLost = true; flush(); lookAll(); }
function find() { if (!isLost) return; isLost = false; lookAll(); }
// What the database did not take is tried again by itself, where it would have been saved by leaving the field.
function tryAgain() {
  for (const form of forms.values()) {
    if (form.shownState === "failed" && !form.send && form.canAsk && !isEdited(form)) ask(form, textsOf(form));
  }
}
addEventListener("offline", lose);
addEventListener("dashboard:lost", lose);
addEventListener("dashboard:beat", () => { find(); tryAgain(); });
addEventListener("dashboard:change", find);
addEventListener("dashboard:found", find);
addEventListener("dashboard:signed-out", () => { flush(); hasEnded = true; });
// Another tab has stored or given up what is offered here.
addEventListener("storage", (event) => { if (event.key?.startsWith(PREFIX)) { drafts = null; lookAll(); } });

// ---- the lines

function open(element) {
  const place = element.querySelector(".saving-place");
  place.innerHTML = '<div class="saving" role="status" data-empty="true"><span class="words"><span class="lead"></span>'
    + '<span class="text"></span></span><button type="button" class="again" hidden></button></div>'
    + '<div class="saving-offer" hidden></div>';
  const part = (name) => place.querySelector(name);
  const form = {
    element,
    id: `${page}${(mounts += 1)}`,
    parts: { line: part(".saving"), lead: part(".lead"), text: part(".text"), again: part(".again"), offer: part(".saving-offer") },
    fields: [],
    isAnswered: true,
  };
  form.parts.again.onclick = () => ask(form, textsOf(form));
  forms.set(element, form);
  return form;
}

// What the server has stored or what was given up is no draft any more; the names of such forms.
function settledOf(counts) {
  const settled = new Set();
  for (const [name, count] of Object.entries(counts)) {
    const before = settledCounts.get(name);
    settledCounts.set(name, count);
    if (before === undefined || before === count || before.split(":")[0] !== count.split(":")[0]) continue;
    settled.add(name);
    for (const draft of store.read()) {
      if (draft.form === name && draft.key.split(":").pop().startsWith(page)) store.drop(draft.key);
    }
  }
  return settled;
}

keeper.line = ({ data, parentElement, setTriggerValue }) => {
  const form = forms.get(parentElement) ?? open(parentElement);
  const fields = JSON.parse(data.fields);
  const before = form.fields.map((field) => field.key).join("\n");
  const isOther = form.name !== undefined && form.name !== data.form;
  const isSettled = settledOf(JSON.parse(data.settled)).has(form.name);
  if (isSettled) {
    if (form.using) store.drop(form.using);
    form.using = undefined;
    dropDraft(form);
  }
  const isNew = form.name !== undefined && before !== fields.map((field) => field.key).join("\n");
  if ((isOther || isNew) && form.draft) turnIntoOffer(form);
  if (isOther || isNew || isSettled) form.sent = undefined;
  Object.assign(form, {
    name: data.form, fields, state: data.state, lead: data.lead, text: data.text, base: data.base, send: data.send,
    noted: data.noted, canAsk: data.can_ask, trigger: setTriggerValue, run: data.run,
  });
  // The answer to what was asked for, or to a button; an answer to older text leaves newer text waiting.
  if (form.isAsked || isOther || isNew) { form.isAsked = false; form.isAnswered = true; }
  lookSoon(form);
  setTimeout(() => forms.get(parentElement) === form && look(form), 250);
  return () => keeper.leave(parentElement);
};

keeper.leave = (element) => {
  keeper.waiting = keeper.waiting?.filter((part) => part.parentElement !== element);
  const form = forms.get(element);
  if (!form) return;
  if (form.draft) keepDraft(form);
  clearTimeout(form.waiting);
  forms.delete(element);
};

export default function ({ data }) {
  words = data;
  owner = data.owner;
  if (!document.getElementById("saving-style")) {
    const style = document.createElement("style");
    style.id = "saving-style";
    style.textContent = STYLE;
    document.head.append(style);
  }
  const waiting = keeper.waiting ?? [];
  keeper.waiting = [];
  for (const part of waiting) keeper.line(part);
  lookAll();
}

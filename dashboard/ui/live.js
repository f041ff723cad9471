// Keeps one event stream open and asks for a rerun when the data on the server are newer than those shown.
// Nothing is asked of the server in between: a screen that nobody changes stays silent.
const HIGHLIGHT_MS = 30500;
const RETRY_MS = 3000;
// The server beats every 15 s. A pulled cable closes no connection: only the missing beat tells of it.
const SILENCE_MS = 40000;
const streams = new WeakMap();

function open(root) {
  const stream = { shown: 0, newest: 0, frozen: false, state: "connecting", settle: 0, retry: 0, silence: 0 };

  stream.paint = () => {
    const badge = root.querySelector(".badge");
    const state = stream.state === "live" && stream.frozen ? "frozen" : stream.state;
    badge.dataset.state = state;
    badge.querySelector(".word").textContent = stream.words[state];
    badge.querySelector(".moment").textContent = stream.words.as_of;
    const button = root.querySelector("button");
    button.textContent = stream.frozen ? stream.words.resume : stream.words.freeze;
    button.setAttribute("aria-pressed", String(stream.frozen));
    button.hidden = stream.state !== "live";
  };

  stream.refresh = () => {
    if (!stream.frozen && stream.newest > stream.shown) {
      stream.trigger("version", stream.newest);
    }
  };

  stream.become = (state) => {
    stream.state = state;
    stream.paint();
  };

  stream.beat = () => {
    clearTimeout(stream.silence);
    stream.silence = setTimeout(stream.lose, SILENCE_MS);
    if (stream.state !== "live") stream.become("live");
  };

  stream.lose = () => {
    clearTimeout(stream.silence);
    clearTimeout(stream.retry);
    stream.source?.close();
    stream.become("lost");
    stream.retry = setTimeout(stream.listen, RETRY_MS);
  };

  stream.listen = () => {
    stream.source?.close();
    if (document.hidden) return;
    stream.source = new EventSource(stream.url);
    stream.source.onopen = stream.beat;
    stream.source.onerror = stream.lose;
    stream.source.addEventListener("beat", stream.beat);
    stream.source.addEventListener("change", (event) => {
      stream.beat();
      stream.newest = JSON.parse(event.data).version;
      stream.refresh();
    });
    stream.source.addEventListener("signed-out", () => {
      stream.source.close();
      clearTimeout(stream.silence);
      stream.become("signed_out");
      stream.trigger("version", stream.newest);
    });
  };

  // A browser opens six connections to one server at most: tabs that nobody sees must not keep them all.
  stream.seen = () => {
    if (document.hidden) stream.rest();
    else if (stream.state !== "signed_out") stream.listen();
  };

  stream.rest = () => {
    clearTimeout(stream.silence);
    clearTimeout(stream.retry);
    stream.source?.close();
    stream.become("connecting");
  };

  stream.highlight = () => {
    clearTimeout(stream.settle);
    // The outline of a changed cell goes away by itself.
    stream.settle = setTimeout(() => stream.trigger("settled", Date.now()), HIGHLIGHT_MS);
  };

  stream.close = () => {
    removeEventListener("offline", stream.lose);
    document.removeEventListener("visibilitychange", stream.seen);
    clearTimeout(stream.silence);
    clearTimeout(stream.settle);
    clearTimeout(stream.retry);
    stream.source?.close();
  };
  addEventListener("offline", stream.lose);
  document.addEventListener("visibilitychange", stream.seen);
  return stream;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let stream = streams.get(parentElement);
  const isNew = !stream;
  if (isNew) {
    stream = open(parentElement);
    streams.set(parentElement, stream);
    parentElement.querySelector("button").onclick = () => {
      stream.frozen = !stream.frozen;
      stream.paint();
      stream.refresh();
    };
  }
  stream.trigger = setTriggerValue;
  stream.words = data;
  stream.url = data.url;
  stream.shown = data.version;
  if (data.highlighting) stream.highlight();
  if (isNew) stream.listen();
  stream.paint();
  return () => {
    stream.close();
    streams.delete(parentElement);
  };
}

// Keeps one event stream open and asks for a rerun when the data on the server are newer than those shown.
// Nothing is asked of the server in between: a screen that nobody changes stays silent.
const HIGHLIGHT_MS = 30500;
const RETRY_MS = 3000;
const streams = new WeakMap();

function open(root) {
  const stream = { shown: 0, newest: 0, frozen: false, state: "connecting", settle: 0, retry: 0 };

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

  stream.listen = () => {
    clearTimeout(stream.retry);
    stream.source?.close();
    stream.source = new EventSource(stream.url);
    stream.source.onopen = () => { stream.state = "live"; stream.paint(); };
    stream.source.onerror = () => {
      stream.state = "lost";
      stream.paint();
      // A refused stream is closed for good by the browser: it is opened anew.
      if (stream.source.readyState === EventSource.CLOSED) {
        stream.retry = setTimeout(stream.listen, RETRY_MS);
      }
    };
    stream.source.addEventListener("change", (event) => {
      stream.newest = JSON.parse(event.data).version;
      stream.refresh();
    });
    stream.source.addEventListener("signed-out", () => {
      stream.source.close();
      stream.state = "signed_out";
      stream.paint();
      stream.trigger("version", stream.newest);
    });
  };

  stream.highlight = () => {
    clearTimeout(stream.settle);
    // The outline of a changed cell goes away by itself.
    stream.settle = setTimeout(() => stream.trigger("settled", Date.now()), HIGHLIGHT_MS);
  };

  stream.close = () => {
    clearTimeout(stream.settle);
    clearTimeout(stream.retry);
    stream.source?.close();
  };
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
  stream.words = data.words;
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

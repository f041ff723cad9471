// While somebody types into a list, its letters are compared without tones and marks: “long thuy” finds “Long Thủy”.
// Streamlit's lists compare what String.prototype.toLowerCase makes of both texts. For as long as such a field has the
// focus, that gives Vietnamese letters without their marks; with the focus gone it is the browser's own again.
const LIST = "[data-testid=stSelectbox] input, [data-testid=stMultiSelect] input";
const EMPTY = "No results";
const own = String.prototype.toLowerCase;

function unmarked() {
  const plain = this.normalize("NFKD").replace(/[\u0300-\u036f\u2800\u3164\p{Cf}]/gu, "").replace(/\s+/g, " ");
  return own.call(plain).replace(/[đðɖ]/g, "d");
}

function isList(element) {
  return element instanceof Element && element.matches(LIST);
}

// What the list says when nothing fits, in the language of the page.
function sayInWords(none) {
  for (const each of document.querySelectorAll("[role=listbox] *, [role=dialog] *")) {
    if (each.childElementCount === 0 && each.textContent === EMPTY) each.textContent = none;
  }
}

export default function (part) {
  const page = (window.dashboardLists ??= {});
  page.none = part.data.none;
  if (page.isWatching) return;
  page.isWatching = true;
  const watcher = new MutationObserver(() => sayInWords(page.none));
  const begin = element => {
    if (!isList(element)) return;
    String.prototype.toLowerCase = unmarked;
    watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  };
  begin(document.activeElement);
  document.addEventListener("focusin", event => begin(event.target));
  // A list tells of focus that only seems to move to its lines: what has it is looked at afterwards.
  document.addEventListener("focusout", () => setTimeout(() => {
    if (isList(document.activeElement)) return;
    String.prototype.toLowerCase = own;
    watcher.disconnect();
  }));
}

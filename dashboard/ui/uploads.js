// Streamlit's field for files says in English, in the browser alone, how large a file may be and why one was not sent.
// Here its words are put into those of the page. Only texts and labels are changed: the nodes stay Streamlit's own.
const FIELD = '[data-testid="stFileUploader"]';
const CAMERA = '[data-testid="stCameraInput"]';

function put(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

function label(node, text) {
  if (node && node.getAttribute("aria-label") !== text) node.setAttribute("aria-label", text);
}

// The text of an element whose only child is one text, so that an icon beside it stays.
function leaves(root) {
  return [...root.querySelectorAll("*")].filter(
    (each) => each.childNodes.length === 1 && each.firstChild.nodeType === Node.TEXT_NODE && !each.closest("label"),
  );
}

function sentence(words, error) {
  if (/smaller\.?$/.test(error)) return words.too_large;
  return /not allowed/.test(error) ? words.not_taken : words.not_sent;
}

function translate(field, words) {
  for (const alert of field.querySelectorAll('[role="alert"]')) {
    const known = [words.too_large, words.not_taken, words.not_sent];
    if (alert.textContent && !known.includes(alert.textContent)) put(alert, sentence(words, alert.textContent));
  }
  for (const leaf of leaves(field)) {
    const text = leaf.textContent.trim();
    if (text === "Upload" || text === "Browse files") put(leaf, words.choose);
    else if (text === "Drag and drop file here") put(leaf, words.drop);
    else if (/^(Limit )?[\d.]+\s?[KMG]B per file/.test(text)) put(leaf, words.limit);
  }
  label(field.querySelector('input[type="file"]'), words.choose);
  for (const button of field.querySelectorAll("button[aria-label]")) {
    const told = button.getAttribute("aria-label");
    if (told === "Add files") label(button, words.choose);
    else if (told.startsWith("Remove ")) label(button, `${words.remove} ${told.slice("Remove ".length)}`);
  }
}

// The same for the field that takes a picture now. What it says of the browser's settings leads to pages of others.
function translateCamera(field, words) {
  const known = { "Take Photo": words.take, "Clear photo": words.again };
  for (const node of field.querySelectorAll("button, button *")) {
    for (const text of node.childNodes) {
      const word = text.nodeType === Node.TEXT_NODE && known[text.nodeValue.trim()];
      // An icon may stand before it.
      if (word) text.nodeValue = ` ${word}`;
    }
  }
  for (const link of field.querySelectorAll('a[target="_blank"]')) {
    const says = link.parentElement?.firstChild;
    if (says?.nodeType === Node.TEXT_NODE && says.textContent !== words.allow) says.textContent = words.allow;
    link.hidden = true;
  }
  for (const button of field.querySelectorAll('button[aria-label="Switch camera"]')) label(button, words.other);
  for (const picture of field.querySelectorAll('img[alt="Snapshot"]')) picture.alt = words.taken;
}

export default function (component) {
  const { data } = component;
  const box = document.getElementsByClassName(`st-key-${data.key.trim().replace(/[^a-zA-Z0-9_-]/g, "-")}`)[0];
  if (!box) return undefined;
  // The field itself is another one as soon as it holds a file.
  const work = () => {
    box.querySelectorAll(FIELD).forEach((field) => translate(field, data));
    box.querySelectorAll(CAMERA).forEach((field) => translateCamera(field, data));
  };
  const watch = new MutationObserver(work);
  work();
  watch.observe(box, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["aria-label"] });
  return () => watch.disconnect();
}

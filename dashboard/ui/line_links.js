// Brings one line of the page into sight and puts the focus into its first field, once for each press of a button.
const WAIT_MS = 5000;
const FIELD = "input:not([disabled]):not([role=combobox]), [role=radiogroup] button, button[data-variant]";

function place(key) {
  return document.getElementsByClassName("st-key-" + key.replace(/[^a-zA-Z0-9_-]/g, "-"))[0];
}

export default function (part) {
  const { key, once } = part.data;
  if (window.dashboardWentTo === once) return;
  window.dashboardWentTo = once;
  const until = Date.now() + WAIT_MS;
  const go = () => {
    const line = place(key);
    const field = line?.querySelector(FIELD) ?? line?.querySelector("input, button");
    // A section that has just been chosen is drawn a moment later.
    if (!field) {
      if (Date.now() < until) setTimeout(go, 100);
      return;
    }
    line.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  };
  go();
}

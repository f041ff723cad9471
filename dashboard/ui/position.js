// Asks the device where it is. The browser asks its owner first, and tells only pages served over HTTPS.
export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  const word = parentElement.querySelector(".word");
  button.textContent = data.ask;
  const refuse = (sentence) => { word.textContent = sentence; button.disabled = false; };
  button.onclick = () => {
    if (!window.isSecureContext || !navigator.geolocation) { refuse(data.insecure); return; }
    button.disabled = true;
    word.textContent = data.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.disabled = false;
        word.textContent = "";
        // Always three words, the last one empty where the device does not say how far off it may be.
        const accuracy = Number.isFinite(coords.accuracy) ? Math.round(coords.accuracy) : "";
        setTriggerValue("found", [coords.latitude.toFixed(6), coords.longitude.toFixed(6), accuracy].join(" "));
      },
      (error) => refuse(error.code === error.PERMISSION_DENIED ? data.denied : data.failed),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 },
    );
  };
}

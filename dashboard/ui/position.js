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
        setTriggerValue("found", [coords.latitude.toFixed(6), coords.longitude.toFixed(6), Math.round(coords.accuracy)].join(" "));
      },
      (error) => refuse(error.code === error.PERMISSION_DENIED ? data.denied : data.failed),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 },
    );
  };
}

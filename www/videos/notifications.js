// Notifications for a page in the background, if the user allowed them.

const isSupported = "Notification" in globalThis;

/** Shows the button while the user has not decided. @param {HTMLButtonElement} element */
export function offerNotifications(element) {
  element.hidden = !isSupported || Notification.permission !== "default";
  element.addEventListener("click", async () => {
    await Notification.requestPermission();
    element.hidden = true;
  });
}

/** @param {string} title @param {import("./job.js").Job} job */
export function notify(title, { id, request }) {
  if (document.hidden && isSupported && Notification.permission === "granted")
    new Notification(title, { body: request.prompt.slice(0, 120), tag: id });
}

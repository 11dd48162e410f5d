// The keys that work everywhere on the page.

/** @param {{ undo: () => void, redo: () => void, generate: () => void }} actions */
export function listenToShortcuts({ undo, redo, generate }) {
  document.addEventListener("keydown", (event) => {
    // A key that is held would order one video after another.
    if (event.repeat && event.key === "Enter" && isPressed(event)) return event.preventDefault();
    if (event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const action = key === "enter" ? generate : key === "y" || event.shiftKey ? redo : undo;
    if (!["enter", "z", "y"].includes(key)) return;
    // Fields that are not of the request have their own history.
    if (action !== generate && event.target instanceof HTMLElement && "ownUndo" in event.target.dataset)
      return;
    action();
    event.preventDefault();
  });
}

/** Whether Enter presses a button. @param {KeyboardEvent} event */
const isPressed = ({ ctrlKey, metaKey, target }) => ctrlKey || metaKey || target instanceof HTMLButtonElement;

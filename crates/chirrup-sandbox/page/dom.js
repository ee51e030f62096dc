// Creates elements. Text is always a text node, so that nothing in a post can become markup.

export const byId = (id) => document.getElementById(id);

/** Creates an element such as `create("p.note", {id: "x"}, "text", child)`. Handlers are attributes such as `onclick`. */
export function create(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const SHAPES = {
  reply: "M3 4h14v9H9l-4 4v-4H3z",
  repost: "M5.5 14.5V7a1.5 1.5 0 0 1 1.5-1.5h5M3 12l2.5 2.5L8 12M14.5 5.5V13a1.5 1.5 0 0 1-1.5 1.5H8M12 8l2.5-2.5L17 8",
  like: "M10 16.5 4 10.5a3.6 3.6 0 0 1 6-4 3.6 3.6 0 0 1 6 4z",
};

/** Creates an icon of lines. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** Creates a bar that is filled to a fraction of its width. */
export function bar(fraction, label, tone = "") {
  const filled = Math.max(0, Math.min(1, fraction || 0));
  const element = create(`div.meter${tone && `.${tone}`}`, {
    role: "meter", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(filled * 100),
  });
  element.style.setProperty("--filled", filled);
  return element;
}

/** Creates a button that copies a text. */
export function copyButton(text, label) {
  const button = create("button.ghost.small", { type: "button", "aria-label": `Copy ${label}` }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1200);
  });
  return button;
}

/** Shows the failure of an action in the header, until the next one succeeds. */
export function report(error) {
  byId("notice").textContent = error ? error.message : "";
}

/** Returns a handler that reports the failure of an asynchronous action. */
export const acting = (action) => async (event) => {
  event?.preventDefault?.();
  try {
    await action(event);
    report(null);
  } catch (error) {
    report(error);
  }
};

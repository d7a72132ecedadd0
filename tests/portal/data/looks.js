// Run in a page by tests/portal/test_screens.py: returns what a reader would stumble over.
() => {
  const faults = [];
  const shown = (el) => el.checkVisibility({ visibilityProperty: true });
  const path = (el) => `${el.tagName.toLowerCase()}${el.id ? "#" + el.id : ""} “${(el.innerText || el.name || "").trim().slice(0, 20)}”`;
  const targets = "main :is(a, button, select, textarea, summary, input:not([type=hidden]))";
  // The tab key comes to a group of radio buttons once: to the chosen one, or else to the first.
  const radios = (el) => [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(el.name)}"]`)].filter((other) => other.form === el.form);
  const stops_at = (el) => el.type !== "radio" || el === (radios(el).find((other) => other.checked) ?? radios(el)[0]);

  // What the tab key comes to, and whether one sees that it is there.
  const outlined = (el) => {
    const outline = (which) => getComputedStyle(el, which).outlineStyle;
    // A date has stops of its own inside, which the browser shows by itself.
    return el.type === "date" || outline(null) !== "none" || outline("::after") !== "none";
  };
  if (!window.visited) {
    window.visited = new Set();
    window.unseen = [];
    document.addEventListener("focusin", ({ target }) => {
      visited.add(target);
      if (target.matches(targets) && !outlined(target)) unseen.push(`focus is not seen on ${path(target)}`);
    });
  }
  window.stops = () => [...document.querySelectorAll("a, button, select, textarea, summary, input:not([type=hidden])")]
    .filter(shown).reduce((sum, el) => sum + (el.type === "date" ? 5 : 1), 1);
  window.unreached = () => [...document.querySelectorAll(targets)].filter((el) => shown(el) && stops_at(el) && !visited.has(el))
    .map((el) => `the tab key does not come to ${path(el)}`).concat(unseen);

  if (document.documentElement.lang !== "zh-CN") faults.push("the language is not zh-CN");
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const [what, count] of [["main", 1], ["h1", 1], ["header", 1], ["footer", 1]])
    if (document.querySelectorAll(what).length !== count) faults.push(`not exactly one ${what}`);
  for (const el of document.querySelectorAll("select, textarea, input:not([type=hidden])"))
    if (![...el.labels].some((label) => label.textContent.trim())) faults.push(`no label: ${path(el)}`);
  for (const el of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
    for (const id of (el.getAttribute("aria-labelledby") ?? el.getAttribute("aria-describedby")).split(" "))
      if (!document.getElementById(id)) faults.push(`nothing is called ${id}`);
  const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`${id} is there twice`);
  const touched = (el) => (["radio", "checkbox"].includes(el.type) ? (el.closest("label") ?? el) : el);
  for (const el of document.querySelectorAll("main :is(select, textarea, input:not([type=hidden])), form a"))
    if (shown(el) && touched(el).getBoundingClientRect().height < 40) faults.push(`too small to touch: ${path(touched(el))}`);
  for (const el of document.querySelectorAll("button, .button, .menu a"))
    if (shown(el) && el.getBoundingClientRect().height < 44) faults.push(`too small to touch: ${path(el)}`);

  const rgb = (text) => text.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (el) => {
    for (let at = el; at; at = at.parentElement) {
      const back = rgb(getComputedStyle(at).backgroundColor);
      if (back.length === 3 || back[3] === 1) return back.slice(0, 3);
    }
    return [255, 255, 255];
  };
  // Endings of files and units of size.
  const known = /https?:\/\/\S+|\b(pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|csv|jpe?g|png|txt|MB|KB|Cookie)\b/g;
  for (const el of document.querySelectorAll("title, body *")) {
    if (el.closest("code, style, script, textarea")) continue;
    const said = [...el.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data);
    said.push(...["alt", "title", "placeholder", "aria-label"].map((name) => el.getAttribute(name) ?? ""));
    const foreign = said.join(" ").replace(known, "").match(/[A-Za-z]{2,}/);
    if (foreign) faults.push(`not Chinese: ${foreign[0]} in ${path(el)}`);
  }
  for (const el of document.querySelectorAll("body *")) {
    const says = [...el.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!says || !shown(el)) continue;
    const style = getComputedStyle(el);
    const [a, b] = [light(rgb(style.color).slice(0, 3)), light(behind(el))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(2)}: ${path(el)}`);
  }
  return faults;
}

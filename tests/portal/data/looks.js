// Run in a page by tests/portal/test_pages.py: returns what a reader would stumble over.
() => {
  const faults = [];
  const shown = (el) => el.checkVisibility({ visibilityProperty: true });
  const path = (el) => `${el.tagName.toLowerCase()}${el.id ? "#" + el.id : ""} “${(el.innerText || el.name || "").trim().slice(0, 20)}”`;
  const number = (el) => (window.numbers ??= new Map()).get(el) ?? window.numbers.set(el, window.numbers.size).get(el);
  const named = (el) => `${number(el)} ${path(el)}`;
  const targets = "main a, main button, main textarea, main input:not([type=hidden]), main summary";

  window.focused = () => {
    const el = document.activeElement;
    if (!el || el === document.body) return null;
    const outline = (which) => getComputedStyle(el, which).outlineStyle;
    return { path: named(el), visible: outline(null) !== "none" || outline("::after") !== "none" };
  };
  window.reachable = () => [...document.querySelectorAll(targets)].filter(shown).map(named);

  if (document.documentElement.lang !== "zh-CN") faults.push("the language is not zh-CN");
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const [what, count] of [["main", 1], ["h1", 1], ["header", 1], ["footer", 1]])
    if (document.querySelectorAll(what).length !== count) faults.push(`not exactly one ${what}`);
  for (const el of document.querySelectorAll("textarea, input:not([type=hidden])"))
    if (![...el.labels].some((label) => label.innerText.trim())) faults.push(`no label: ${path(el)}`);
  for (const el of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
    for (const id of (el.getAttribute("aria-labelledby") ?? el.getAttribute("aria-describedby")).split(" "))
      if (!document.getElementById(id)) faults.push(`nothing is called ${id}`);
  const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`${id} is there twice`);
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

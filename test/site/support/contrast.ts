/** Text that is hard to read. */
export interface FaintText {
  readonly text: string;
  readonly colour: string;
  readonly background: string;
  readonly ratio: number;
}

/**
 * Finds text of the page whose contrast with what lies behind it is below 4.5, or 3 where it is large (WCAG 2, 1.4.3).
 * Runs in the page, so it holds all it needs. Text in drawings is left out: what lies behind it is no CSS.
 */
export function findFaintText(): { readonly checked: number; readonly faint: FaintText[] } {
  type Colour = readonly [number, number, number, number];
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parse = (css: string): Colour => {
    canvas?.clearRect(0, 0, 1, 1);
    if (canvas) canvas.fillStyle = css;
    canvas?.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = canvas?.getImageData(0, 0, 1, 1).data ?? [];
    return [r, g, b, a / 255];
  };
  const cache = new Map<string, Colour>();
  const colourOf = (css: string): Colour => {
    const known = cache.get(css) ?? parse(css);
    cache.set(css, known);
    return known;
  };
  const over = ([r, g, b, a]: Colour, [x, y, z]: Colour): Colour => {
    const mix = (top: number, below: number) => top * a + below * (1 - a);
    return [mix(r, x), mix(g, y), mix(b, z), 1];
  };
  const behind = (element: Element | null): Colour => {
    if (!element) return [255, 255, 255, 1];
    const own = colourOf(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const luminance = ([r, g, b]: Colour) => {
    const linear = (value: number) => (value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const faint = new Map<string, FaintText>();
  let checked = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent?.trim() ?? "";
    if (text === "" || !element?.checkVisibility({ opacityProperty: true }) || element.closest("svg")) continue;
    const style = getComputedStyle(element);
    const background = behind(element);
    const lights = [luminance(over(colourOf(style.color), background)), luminance(background)].sort((a, b) => b - a);
    const ratio = ((lights[0] ?? 0) + 0.05) / ((lights[1] ?? 0) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    checked += 1;
    if (ratio < (isLarge ? 3 : 4.5)) {
      const found = { text: text.slice(0, 40), colour: style.color, background: background.join(" "), ratio };
      faint.set(`${found.colour} ${found.background}`, found);
    }
  }
  return { checked, faint: [...faint.values()] };
}

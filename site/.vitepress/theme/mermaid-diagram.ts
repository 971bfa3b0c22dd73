import script from "@mermaid-js/tiny/dist/mermaid.tiny.js?url";
import { useData } from "vitepress";
import { defineComponent, h, onMounted, type Ref, ref, useId, type VNode, watch } from "vue";

/** What fits beside sidebar and outline, in pixels. */
const widthOfText = 700;

/** A diagram in the colours of the theme, as wide as the text or in full size; its source, until it is drawn. */
export const MermaidDiagram = defineComponent({
  props: { source: { type: String, required: true } },
  setup(props) {
    const source = decodeURIComponent(props.source);
    const { isDark } = useData();
    const svg = ref<string>();
    const isFull = ref(false);
    const id = `diagram-${useId()}`;
    const drawIt = async () => {
      svg.value = await draw(id, source, isDark.value);
    };
    onMounted(drawIt);
    watch(isDark, drawIt);
    return () => (svg.value ? drawn(svg.value, isFull) : h("pre", { class: "diagram" }, source));
  },
});

function drawn(svg: string, isFull: Ref<boolean>): VNode[] {
  const width = Number(/viewBox="\S+ \S+ (\S+)/.exec(svg)?.[1]);
  const toggle = () => {
    isFull.value = !isFull.value;
  };
  const label = isFull.value ? "Fit the diagram to the page" : "Show the diagram in full size";
  const image = {
    class: ["diagram", { full: isFull.value }],
    role: "img",
    "aria-label": "Diagram",
    innerHTML: svg,
  };
  return [
    h("div", image),
    ...(width > widthOfText ? [h("button", { class: "diagram-size", onClick: toggle }, label)] : []),
  ];
}

async function draw(id: string, source: string, isDark: boolean): Promise<string> {
  await load();
  window.mermaid.initialize({
    startOnLoad: false,
    theme: isDark ? "dark" : "neutral",
    fontFamily: "inherit",
    flowchart: { useMaxWidth: false },
  });
  const { svg } = await window.mermaid.render(id, source);
  return svg;
}

let loaded: Promise<unknown> | undefined;

/** Loads the script once, on the first page that has a diagram; it leaves its one export on the window. */
function load(): Promise<unknown> {
  loaded ??= new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src: script, onload: resolve, onerror: reject });
    document.head.append(element);
  });
  return loaded;
}

declare global {
  interface Window {
    /** The part of Mermaid that is used here. */
    readonly mermaid: {
      initialize(config: Readonly<Record<string, unknown>>): void;
      render(id: string, source: string): Promise<{ readonly svg: string }>;
    };
  }
}

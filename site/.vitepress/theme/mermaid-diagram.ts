import script from "@mermaid-js/tiny/dist/mermaid.tiny.js?url";
import { useData } from "vitepress";
import { defineComponent, h, onMounted, ref, useId, watch } from "vue";

/** A diagram in the colours of the theme; its source, until it is drawn. */
export const MermaidDiagram = defineComponent({
  props: { source: { type: String, required: true } },
  setup(props) {
    const source = decodeURIComponent(props.source);
    const { isDark } = useData();
    const svg = ref<string>();
    const id = `diagram-${useId()}`;
    const drawIt = async () => {
      svg.value = await draw(id, source, isDark.value);
    };
    onMounted(drawIt);
    watch(isDark, drawIt);
    return () =>
      svg.value
        ? h("div", { class: "diagram", role: "img", "aria-label": "Diagram", innerHTML: svg.value })
        : h("pre", { class: "diagram" }, source);
  },
});

async function draw(id: string, source: string, isDark: boolean): Promise<string> {
  await load();
  window.mermaid.initialize({ startOnLoad: false, theme: isDark ? "dark" : "neutral", fontFamily: "inherit" });
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

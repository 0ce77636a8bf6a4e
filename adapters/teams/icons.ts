/** The app's icons, drawn here: a ring that counts down, and a minus. No fonts, so they look the same everywhere. */

const RING = `<path d="M96 40 A56 56 0 1 1 40 96" fill="none" stroke="STROKE" stroke-width="14" stroke-linecap="round"/>`;
const MINUS = `<path d="M72 96 H120" fill="none" stroke="STROKE" stroke-width="16" stroke-linecap="round"/>`;
const HAND = `<circle cx="52" cy="60" r="9" fill="ACCENT"/>`;

function drawn(stroke: string, accent: string): string {
  return (RING + MINUS + HAND).replaceAll("STROKE", stroke).replaceAll("ACCENT", accent);
}

/** 192 × 192 in colour, on a full square: Teams rounds the corners itself. */
export const COLOR_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 192 192"><rect width="192" height="192" fill="#1F2A44"/>${drawn("#FFFFFF", "#F5B841")}</svg>`;

/** 32 × 32, white on nothing. */
export const OUTLINE_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="24 24 144 144">${drawn("#FFFFFF", "#FFFFFF")}</svg>`;

export async function appIcons(): Promise<{ color: Uint8Array; outline: Uint8Array }> {
  const { Resvg } = await import("@resvg/resvg-js");
  const png = (svg: string, width: number) =>
    new Resvg(svg, { fitTo: { mode: "width", value: width } }).render().asPng();
  return { color: png(COLOR_SVG, 192), outline: png(OUTLINE_SVG, 32) };
}

import type { Json } from "./check-blocks.ts";

/**
 * Draws Block Kit as closely to Slack's own page as a few lines allow, so that messages can be looked at. For eyes, not
 * for assertions: sizes, colours and spacing follow Slack's light theme at the width of a desktop channel.
 */

type Surface = "message" | "modal" | "home";
type Names = (user: string) => string;

export function page(sections: { title: string; html: string }[], width = 700): string {
  const body = sections.map(({ title, html }) => `<h6>${escaped(title)}</h6>${html}`).join("");
  return `<!doctype html><meta charset="utf-8"><style>${CSS}</style><body style="width:${width}px">${body}</body>`;
}

/** One message, as the bot's post. */
export function drawMessage(
  { text, blocks = [], ephemeral = false }: { text: string; blocks?: Json[]; ephemeral?: boolean },
  names: Names,
): string {
  const drawn = blocks.length === 0 ? `<p>${mrkdwn(text, names)}</p>` : drawBlocks(blocks, "message", names);
  const only = ephemeral ? '<div class="only">Only visible to you</div>' : "";
  return `<div class="msg"><div class="pic">T−</div><div class="col">${only}<b>T-Minus</b> <span class="app">APP</span> <span class="at">9:41 AM</span>${drawn}</div></div>`;
}

export function drawView(view: Json, names: Names): string {
  const blocks = Array.isArray(view.blocks) ? view.blocks : [];
  if (view.type === "home") return `<div class="home">${drawBlocks(blocks, "home", names)}</div>`;
  const foot = ["close", "submit"]
    .map((key) => (isObject(view[key]) ? `<button class="${key}">${plain(view[key])}</button>` : ""))
    .join("");
  return `<div class="modal"><div class="head">${plain(view.title)}</div>${drawBlocks(blocks, "modal", names)}<div class="foot">${foot}</div></div>`;
}

function drawBlocks(blocks: Json[], surface: Surface, names: Names): string {
  return blocks.map((block) => `<div class="b ${block.type} on-${surface}">${drawBlock(block, names)}</div>`).join("");
}

function drawBlock(block: Json, names: Names): string {
  switch (block.type) {
    case "header":
      return plain(block.text);
    case "section": {
      const fields = list(block.fields).map((field) => `<div>${textOf(field, names)}</div>`);
      const text = block.text === undefined ? "" : `<p>${textOf(block.text, names)}</p>`;
      return `${text}${fields.length === 0 ? "" : `<div class="fields">${fields.join("")}</div>`}`;
    }
    case "context":
      return list(block.elements)
        .map((one) => `<span>${textOf(one, names)}</span>`)
        .join("");
    case "actions":
      return list(block.elements)
        .map((one) => drawElement(one))
        .join("");
    case "input": {
      const optional = block.optional === true ? ' <i class="opt">(optional)</i>' : "";
      const hint = block.hint === undefined ? "" : `<div class="hint">${plain(block.hint)}</div>`;
      const element = isObject(block.element) ? drawElement(block.element) : "";
      return `<label>${plain(block.label)}${optional}</label>${element}${hint}`;
    }
    case "divider":
      return "<hr>";
    case "table":
      return drawTable(block, names);
    default:
      return `<p>[${String(block.type)}]</p>`;
  }
}

function drawTable(block: Json, names: Names): string {
  const rows = Array.isArray(block.rows) ? block.rows : [];
  const cells = rows.map(
    (row: unknown) =>
      `<tr>${list(row)
        .map(
          (cell) => `<td>${cell.type === "rich_text" ? `<b>${escaped(wordsIn(cell))}</b>` : textOf(cell, names)}</td>`,
        )
        .join("")}</tr>`,
  );
  return `<table>${cells.join("")}</table>`;
}

function wordsIn(value: Json): string {
  const own = typeof value.text === "string" ? value.text : "";
  return own + list(value.elements).map(wordsIn).join("");
}

function drawElement(element: Json): string {
  const options = list(element.options);
  const initial = JSON.stringify(element.initial_options ?? [element.initial_option]);
  switch (element.type) {
    case "button":
      return `<button class="${String(element.style ?? "")}">${plain(element.text)}</button>`;
    case "checkboxes":
    case "radio_buttons":
      return options
        .map((option) => {
          const on = initial.includes(JSON.stringify(option)) ? "on" : "";
          const more = option.description === undefined ? "" : `<div class="hint">${plain(option.description)}</div>`;
          return `<div class="box"><i class="${on} ${String(element.type)}"></i><div>${plain(option.text)}${more}</div></div>`;
        })
        .join("");
    case "plain_text_input": {
      const tall = element.multiline === true ? "tall" : "";
      return `<div class="field ${tall}">${escaped(String(element.initial_value ?? ""))}</div>`;
    }
    case "datepicker":
      return `<div class="field short">📅 ${escaped(String(element.initial_date ?? "Select a date"))}</div>`;
    case "timepicker":
      return `<div class="field short">🕘 ${escaped(String(element.initial_time ?? "Select a time"))}</div>`;
    default: {
      const chosen = element.initial_user ?? element.initial_users ?? element.initial_option ?? "Select an item";
      return `<div class="field">${escaped(typeof chosen === "string" ? chosen : JSON.stringify(chosen))} ▾</div>`;
    }
  }
}

function textOf(value: unknown, names: Names): string {
  if (!isObject(value)) return "";
  const text = String(value.text ?? "");
  return value.type === "mrkdwn" ? mrkdwn(text, names) : escaped(text);
}

/** Bold, italics, code, links, people and dates: what the product writes. */
function mrkdwn(text: string, names: Names): string {
  return text
    .replace(/<@([UW][A-Z0-9]+)>/g, (_all, user: string) => `\u0001@${names(user)}\u0002`)
    .replace(/<!date\^\d+\^[^|]*\|([^>]*)>/g, "$1")
    .replace(/<(https?:[^|>]+)\|([^>]*)>/g, "\u0003$2\u0004")
    .replace(/&(?!(?:amp|lt|gt);)/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/`([^`\n]+)`/g, "<code>$1</code>")
    .replace(/(^|[\s(·,.])\*([^*\n]+)\*(?=$|[\s).,:;·])/gm, "$1<b>$2</b>")
    .replace(/(^|[\s(])_([^_\n]+)_(?=$|[\s).,:;])/gm, "$1<i>$2</i>")
    .replaceAll("\u0001", '<span class="mention">')
    .replaceAll("\u0002", "</span>")
    .replaceAll("\u0003", '<a href="#">')
    .replaceAll("\u0004", "</a>")
    .replace(/^&gt; ?(.*)$/gm, '<span class="quote">$1</span>')
    .replaceAll("\n", "<br>");
}

function plain(value: unknown): string {
  return isObject(value) ? escaped(String(value.text ?? "")) : "";
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\n", "<br>");
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const CSS = `
*{box-sizing:border-box}body{margin:0;padding:8px 20px 24px;font:15px/1.46668 Lato,"Open Sans",Helvetica,Arial,sans-serif;color:#1d1c1d;background:#fff}
h6{margin:22px 0 6px;font:12px/1.4 monospace;color:#a33;border-top:1px dashed #dba;padding-top:6px}
p{margin:0}.msg{display:flex;gap:8px;padding:8px 0}.pic{width:36px;height:36px;border-radius:8px;background:#12504b;color:#fff;font-weight:700;display:grid;place-items:center;flex:none}
.col{flex:1;min-width:0}.app{background:#eee;color:#616061;font-size:10px;font-weight:700;padding:1px 3px;border-radius:2px}.at{color:#616061;font-size:12px}.only{color:#616061;font-size:12px}
.b{margin:8px 0;overflow-wrap:anywhere}.header{font-weight:900;font-size:18px;line-height:1.33}.context{display:flex;flex-wrap:wrap;gap:4px 8px;color:#616061;font-size:12px;line-height:1.5}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px}.actions{display:flex;flex-wrap:wrap;gap:8px}
button{font:700 13px/1 inherit;font-family:inherit;height:28px;padding:0 12px 1px;border:1px solid #bbbabb;border-radius:4px;background:#fff;color:#1d1c1d;white-space:nowrap}
button.primary,button.submit{background:#007a5a;border-color:#007a5a;color:#fff}button.danger{background:#e01e5a;border-color:#e01e5a;color:#fff}
code{font:12px/1.5 Menlo,Consolas,"DejaVu Sans Mono",monospace;color:#c01343;background:#f8f8f8;border:1px solid #e0e0e0;border-radius:3px;padding:2px 3px 1px}
.mention{background:#e8f5fa;color:#1264a3;border-radius:3px;padding:0 2px}a{color:#1264a3;text-decoration:none}.quote{border-left:4px solid #ddd;padding-left:12px;display:inline-block}
hr{border:0;border-top:1px solid #ddd;margin:8px 0}.modal,.home{border:1px solid #ddd;border-radius:8px;padding:0 24px 12px}.modal{width:520px}.modal .head{font-weight:900;font-size:20px;padding:16px 0 8px}
.foot{display:flex;justify-content:flex-end;gap:12px;padding-top:12px}.foot button{height:36px;padding:0 14px}label{font-weight:700;display:block;margin-bottom:6px}.opt{font-weight:400;font-style:normal;color:#616061}
.field{border:1px solid #868686;border-radius:4px;min-height:38px;padding:8px 10px}.field.tall{min-height:84px}.field.short{width:220px}.hint{color:#616061;font-size:13px;margin-top:3px}
.box{display:flex;gap:8px;width:100%;padding:2px 0}.box i{width:16px;height:16px;border:1px solid #868686;border-radius:3px;margin-top:3px;flex:none}.box i.radio_buttons{border-radius:50%}.box i.on{background:#1264a3;border-color:#1264a3}
table{border-collapse:collapse}td{border:1px solid #ddd;padding:4px 8px}`;

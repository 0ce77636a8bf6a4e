import { z } from "zod";
import { type ActionValue, type FieldValues, FORM_IDS, type FormId } from "../../src/domain/message.ts";

/**
 * What our cards send back: an Execute's or Submit's data with the inputs mixed in, all of it the client's word.
 * Unknown shapes are undefined, never an exception.
 */

const Value = z.object({
  session: z.string().max(200).optional(),
  question: z.string().max(200).optional(),
  module: z.string().max(200).optional(),
  /** A client, or a card that was made by hand, may send its digits as text. */
  version: z
    .union([
      z.number().int(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .optional(),
  arg: z.string().max(4_000).optional(),
});

const CardData = Value.extend({
  verb: z.string().max(100).optional(),
  ticks: z.array(z.string().max(200)).max(50).optional(),
  msteams: z.unknown().optional(),
  /** botbuilder and Teams add these. */
  data: z.unknown().optional(),
}).catchall(z.unknown());

export type CardAction = { action: string; value: ActionValue; inputs: FieldValues };

/** A tapped button. `verb` is the invoke's own, where it has one (Action.Execute); a Submit carries it in its data. */
export function readAction(data: unknown, verb?: string): CardAction | undefined {
  const parsed = CardData.safeParse(data ?? {});
  if (!parsed.success) return undefined;
  const {
    verb: inData,
    ticks = [],
    msteams: _,
    data: __,
    session,
    question,
    module,
    version,
    arg,
    ...rest
  } = parsed.data;
  const action = verb ?? inData;
  if (action === undefined || action === "") return undefined;
  const value = actionValue({ session, question, module, version, arg });
  return { action, value, inputs: fieldsOf(rest, ticks) };
}

const FormData = z
  .object({
    form: z.enum(FORM_IDS),
    context: Value.optional(),
    lists: z.array(z.string().max(200)).max(50).optional(),
    msteams: z.unknown().optional(),
  })
  .catchall(z.unknown());

export type CardForm = { form: FormId; context: ActionValue; values: FieldValues };

/** A submitted form card. */
export function readForm(data: unknown): CardForm | undefined {
  const parsed = FormData.safeParse(data);
  if (!parsed.success) return undefined;
  const { form, context = {}, lists = [], msteams: _, ...rest } = parsed.data;
  return { form, context: actionValue(context), values: fieldsOf(rest, lists) };
}

function actionValue(value: z.infer<typeof Value>): ActionValue {
  const { session, question, module, version, arg } = value;
  return {
    ...(session === undefined ? {} : { session }),
    ...(question === undefined ? {} : { question }),
    ...(module === undefined ? {} : { module }),
    ...(version === undefined ? {} : { version }),
    ...(arg === undefined ? {} : { arg }),
  };
}

/** Lists come as `a,b`; a list that holds nothing comes as an empty string, or not at all. */
function fieldsOf(rest: Record<string, unknown>, lists: string[]): FieldValues {
  const fields: FieldValues = {};
  for (const [name, value] of Object.entries(rest)) {
    if (lists.includes(name)) continue;
    if (typeof value === "string") fields[name] = value === "" ? null : value;
    else if (typeof value === "number" || typeof value === "boolean") fields[name] = String(value);
  }
  for (const name of lists) {
    const value = rest[name];
    fields[name] = typeof value === "string" && value !== "" ? value.split(",").map((part) => part.trim()) : [];
  }
  return fields;
}

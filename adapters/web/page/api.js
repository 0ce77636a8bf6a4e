import { freshKey } from "./dom.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A refusal, or a failed request, in a sentence for the person. `fields` are a form's errors. */
export class Refused extends Error {
  /** @param {string} message @param {Record<string, string>} [fields] */
  constructor(message, fields) {
    super(message);
    this.fields = fields;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
export async function request(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify({ zone, ...body }) }),
    });
  } catch {
    throw new Refused("T-Minus can't be reached right now. What you typed is still here; send it again in a moment.");
  }
  if (response.status === 401) location.assign("/");
  let answer;
  try {
    answer = await response.json();
  } catch {
    answer = {};
  }
  if (response.ok) return answer;
  throw new Refused(answer.error ?? "That didn't work. Try again in a moment.", answer.errors);
}

/**
 * One act of a person. A lost answer is asked for once more under the same key: it is done once.
 * @param {string} path
 * @param {object} body
 */
export async function act(path, body) {
  const keyed = { key: freshKey(), ...body };
  try {
    return await request("POST", path, keyed);
  } catch (error) {
    if (!(error instanceof Refused) || !error.message.startsWith("T-Minus can't be reached")) throw error;
    await new Promise((resolve) => setTimeout(resolve, 400));
    return request("POST", path, keyed);
  }
}

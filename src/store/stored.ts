import { MESSAGE_KINDS, type MessageKind } from "../domain/message.ts";

export function isMessageKind(value: string | null): value is MessageKind {
  return MESSAGE_KINDS.some((kind) => kind === value);
}

/** Streams of events: one per session, one per person. */
export const sessionStream = (id: string): string => `session:${id}`;
export const personStream = (id: string): string => `person:${id}`;

/** Where the store reports what nobody asked for. Pino fits. */
export type StoreLog = {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
};

export const noLog: StoreLog = { info() {}, warn() {}, error() {} };

/** What is asked once the event is over; the answers are offered again when the next session starts from this one. */
export type ReviewAsk = { id: string; text: string; hint: string };

export const REVIEW_ASKS: readonly ReviewAsk[] = [
  {
    id: "outcome",
    text: "How did it go, against what was expected?",
    hint: "Peak against the forecast, errors, what customers noticed. Numbers where you have them.",
  },
  {
    id: "surprise",
    text: "What surprised you, good or bad?",
    hint: "A limit that was met, an alarm that stayed quiet, a group that scaled late.",
  },
  {
    id: "unasked",
    text: "Which question should have been asked six weeks before?",
    hint: "It goes to the next session as a note.",
  },
  {
    id: "scale-down",
    text: "What is scaled down again, and what stays?",
    hint: "Minimum sizes, provisioned capacity, reserved load-balancer units, raised quotas.",
  },
  {
    id: "actions",
    text: "What changes before the next event, who does it, and by when?",
    hint: "One line each: what, who, date.",
  },
];

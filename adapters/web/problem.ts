/** A refusal that a person reads: what happened and what to do. `status` is HTTP's. */
export class WebProblem extends Error {
  override name = "WebProblem";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

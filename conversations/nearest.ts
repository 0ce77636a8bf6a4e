/** Levenshtein distance with transpositions of neighbours. Both words are short: callers cut them. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      }
      line.push(cost);
    }
    before = above;
    above = line;
  }
  return above[b.length] ?? 0;
}

/** The word most like the given one; undefined when none is within half its length. A shared beginning counts. */
export function nearest(word: string, words: readonly string[]): { word: string; distance: number } | undefined {
  const asked = word.slice(0, 40);
  let best: { word: string; distance: number } | undefined;
  for (const candidate of words) {
    if (Math.abs(candidate.length - asked.length) > 12) continue;
    const begins = asked.length >= 2 && candidate.startsWith(asked);
    const distance = begins ? 0.5 : editDistance(asked, candidate);
    if (best === undefined || distance < best.distance) best = { word: candidate, distance };
  }
  if (best === undefined) return undefined;
  return best.distance <= Math.max(1, Math.floor(Math.max(asked.length, best.word.length) / 2)) ? best : undefined;
}

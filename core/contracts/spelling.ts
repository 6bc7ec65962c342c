/**
 * Number of single-character edits (insert, delete, replace, swap of neighbours) between two short texts: the optimal
 * string alignment distance. Compares at most the first 64 characters.
 */
export function editDistance(a: string, b: string): number {
    const from = a.slice(0, 64);
    const to = b.slice(0, 64);
    let twoAbove: number[] = [];
    let above = Array.from({ length: to.length + 1 }, (_, column) => column);
    for (let row = 1; row <= from.length; row++) {
        const current = [row];
        for (let column = 1; column <= to.length; column++) {
            const same = from[row - 1] === to[column - 1];
            let best = Math.min(above[column]! + 1, current[column - 1]! + 1, above[column - 1]! + (same ? 0 : 1));
            const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
            if (row > 1 && column > 1 && swapped) best = Math.min(best, twoAbove[column - 2]! + 1);
            current.push(best);
        }
        twoAbove = above;
        above = current;
    }
    return above[to.length]!;
}

/**
 * The candidate most likely meant by a misspelled word, or undefined when none is close: up to one edit for every
 * three characters, separators and case aside (`eventID` is `event_id`).
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
    const bare = (text: string) => text.toLowerCase().replace(/[\s_.-]/g, '');
    const meant = bare(word);
    let best: { candidate: string; distance: number } | undefined;
    for (const candidate of candidates) {
        const other = bare(candidate);
        if (meant === '' || other === '') continue;
        const distance = editDistance(meant, other);
        const allowed = Math.floor(Math.max(meant.length, other.length) / 3);
        if (distance <= allowed && (best === undefined || distance < best.distance)) best = { candidate, distance };
    }
    return best?.candidate;
}

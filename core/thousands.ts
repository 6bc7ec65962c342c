/**
 * The digits of a whole number in threes: `-12,345`. Anything else comes back as it is. The formatters of languages
 * do the same, and take longer to load than a page takes to write.
 */
export function inThousands(digits: string): string {
    return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

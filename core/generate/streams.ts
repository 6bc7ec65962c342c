/** Streams of random numbers: what one draws never shifts what another draws. */
export const STREAM = {
    person: 1,
    visits: 2,
    purchases: 3,
    product: 4,
    dirt: 5,
    day: 6,
    part: 7,
    customer: 8,
    salesDirt: 9,
} as const;

import type { Shop } from './options.ts';
import { Random } from './random.ts';
import { STREAM } from './streams.ts';

const CATEGORIES = ['Home', 'Sports', 'Electronics', 'Apparel', 'Beauty', 'Grocery'] as const;
const CHEAPEST_CENTS = 500;
const DEAREST_TO_CHEAPEST = 43;

export interface Product {
    readonly category: string;
    readonly cents: number;
}

/** The catalog; product 1 stands first. Prices are spread evenly on a logarithmic scale from 5 to 215. */
export function productsOf(shop: Shop): Product[] {
    const random = new Random();
    return Array.from({ length: shop.products }, (_, index) => {
        random.restart(shop.seed, STREAM.product, index + 1);
        return {
            category: CATEGORIES[random.below(CATEGORIES.length)]!,
            cents: Math.round(CHEAPEST_CENTS * DEAREST_TO_CHEAPEST ** random.unit()),
        };
    });
}

/** Money as the exports write it: `36.95`, `116.1`, `100.0`. */
export function moneyText(cents: number): string {
    return cents % 100 === 0 ? `${cents / 100}.0` : String(cents / 100);
}

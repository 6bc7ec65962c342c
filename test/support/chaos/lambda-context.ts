import type { LambdaContext } from '#lambdas/_chain/chain.ts';

/** A context without a deadline: the schedule says what takes too long. */
export function lambdaContext(functionName: string): LambdaContext {
    return { awsRequestId: 'chaos', functionName, getRemainingTimeInMillis: () => 86_400_000 };
}

/** All stages, loaded ahead: a world goes on by turns, and a source that is loaded in one would take many of them. */
import '#lambdas/_chain/chain.ts';
import '#lambdas/admit/handler.ts';
import '#lambdas/build/handler.ts';
import '#lambdas/check/handler.ts';
import '#lambdas/fail/handler.ts';
import '#lambdas/finish/handler.ts';
import '#lambdas/halt/handler.ts';
import '#lambdas/plan/handler.ts';
import '#lambdas/probe/handler.ts';
import '#lambdas/promote/handler.ts';
import '#lambdas/publish/handler.ts';
import '#lambdas/register/handler.ts';
import '#lambdas/reject/handler.ts';
import '#lambdas/report/handler.ts';
import '#lambdas/request/handler.ts';
import '#lambdas/reread/handler.ts';
import '#lambdas/stage/handler.ts';

import { awsHandler } from '../_aws/handler.ts';
import { sweepStage } from './handler.ts';

export const handler = await awsHandler(sweepStage);

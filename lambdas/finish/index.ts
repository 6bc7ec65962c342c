import { awsHandler } from '../_aws/handler.ts';
import { finishStage } from './handler.ts';

export const handler = await awsHandler(finishStage);

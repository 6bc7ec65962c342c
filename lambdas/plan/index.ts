import { awsHandler } from '../_aws/handler.ts';
import { planStage } from './handler.ts';

export const handler = await awsHandler(planStage);

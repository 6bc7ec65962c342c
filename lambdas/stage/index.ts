import { awsHandler } from '../_aws/handler.ts';
import { stageStage } from './handler.ts';

export const handler = await awsHandler(stageStage);

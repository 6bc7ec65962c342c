import { awsHandler } from '../_aws/handler.ts';
import { promoteStage } from './handler.ts';

export const handler = await awsHandler(promoteStage);

import { awsHandler } from '../_aws/handler.ts';
import { buildStage } from './handler.ts';

export const handler = await awsHandler(buildStage);

import { awsHandler } from '../_aws/handler.ts';
import { checkStage } from './handler.ts';

export const handler = await awsHandler(checkStage);

import { awsHandler } from '../_aws/handler.ts';
import { failStage } from './handler.ts';

export const handler = await awsHandler(failStage);

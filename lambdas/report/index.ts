import { awsHandler } from '../_aws/handler.ts';
import { reportStage } from './handler.ts';

export const handler = await awsHandler(reportStage);

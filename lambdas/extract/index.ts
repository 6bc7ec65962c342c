import { awsHandler } from '../_aws/handler.ts';
import { extractStage } from './handler.ts';

export const handler = await awsHandler(extractStage);

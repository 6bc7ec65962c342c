import { awsHandler } from '../_aws/handler.ts';
import { publishStage } from './handler.ts';

export const handler = await awsHandler(publishStage);
